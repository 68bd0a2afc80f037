# SPDX-License-Identifier: MIT
"""Prints facts of the files below a directory, one path per line, from the kernel alone: python3 facts.py DIR

Tab-separated: path, kind, mode, uid:gid, content (bytes and SHA-256, a link's target, a device's
number), time, the first name of a hard-linked file, extended attributes. Names are shown as Python
writes bytes, so that no name breaks a line.
"""
import hashlib, os, stat, sys

KINDS = {stat.S_IFREG: 'file', stat.S_IFDIR: 'dir', stat.S_IFLNK: 'link', stat.S_IFCHR: 'char',
         stat.S_IFBLK: 'block', stat.S_IFIFO: 'fifo', stat.S_IFSOCK: 'socket'}


def content(path, info):
    if stat.S_ISLNK(info.st_mode):
        return repr(os.readlink(path))
    if stat.S_ISREG(info.st_mode):
        with open(path, 'rb') as file:
            return '%d %s' % (info.st_size, hashlib.sha256(file.read()).hexdigest())
    return '%d' % info.st_rdev


def names(root):
    found = []
    for directory, below, files in os.walk(os.fsencode(root)):
        found += [os.path.join(directory, name) for name in below + files]
    return sorted(found)


def main(root):
    first = {}
    for path in names(root):
        info = os.lstat(path)
        name = path[len(os.fsencode(root)):]
        several = info.st_nlink > 1 and not stat.S_ISDIR(info.st_mode)
        peer = first.setdefault((info.st_dev, info.st_ino), name) if several else b''
        xattrs = ['%s=%s' % (key, os.getxattr(path, key, follow_symlinks=False).hex())
                  for key in sorted(os.listxattr(path, follow_symlinks=False))]
        print(repr(name), KINDS[stat.S_IFMT(info.st_mode)], '%o' % stat.S_IMODE(info.st_mode),
              '%d:%d' % (info.st_uid, info.st_gid), content(path, info), info.st_mtime_ns,
              repr(peer), ' '.join(xattrs), sep='\t')


main(sys.argv[1])
