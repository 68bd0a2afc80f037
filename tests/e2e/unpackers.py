# SPDX-License-Identifier: MIT
"""Compares the tree of generated layers with the trees that unpackers make.

    python3 unpackers.py layers XSMALL SEED COUNT [STORAGE]    members in any order, as umoci unpacks them;
                                                    with STORAGE (DRIVER ROOT RUN) also as buildah mounts them
    python3 unpackers.py archives XSMALL SEED COUNT            GNU tar's own archives: -c, -r and -u with
                                                    names given again, as GNU tar extracts them

Each case is below a directory of its own, so that one image has many cases; a case that an unpacker
rejects is unpacked again without the others. A case fails if xsmall's tree equals the tree of no
unpacker that accepts it. If two unpackers make different trees, xsmall's must be one of them.
Prints the number of cases of each outcome, and each failed case. Exit 1 if a case failed.
"""
import collections, gzip, hashlib, io, json, os, random, shutil, stat, subprocess, sys, tarfile

NAMES = ['a', 'b', 'c', 'a/a', 'a/b', 'b/a', 'b/c', 'c/a', 'a/b/c', 'c/a/b']
MEMBERS, BATCH = 12, 40
END = b'\0' * 1024


def run(*command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)


def member(name, kind, data=b'', link=''):
    info = tarfile.TarInfo(name)
    info.type = {'file': tarfile.REGTYPE, 'dir': tarfile.DIRTYPE, 'link': tarfile.SYMTYPE,
                 'hard': tarfile.LNKTYPE}[kind]
    info.mode = 0o755 if kind == 'dir' else 0o644
    info.mtime, info.size, info.linkname = 1700000000, len(data), link
    return info.tobuf(tarfile.GNU_FORMAT) + data + b'\0' * (-len(data) % 512)


def random_target(pick, top):
    """The target of a symlink: in the layer, out of it, a loop, or nothing."""
    name = pick.choice(NAMES)
    return pick.choice([name, os.path.basename(name), '/%s/%s' % (top, name), '../' + name,
                        '../%s/%s' % (top, name), './' + name + '/', 'missing/../' + name, '.'])


def random_member(pick, kinds):
    """Mostly a member that an unpacker accepts; kinds: what was written at each name, as written."""
    for _ in range(20):
        kind = pick.choices(['file', 'dir', 'link', 'hard'], [5, 3, 3, 3])[0]
        name = pick.choice(list(kinds)) if kinds and pick.random() < 0.35 else pick.choice(NAMES)
        ways = [n for n, k in kinds.items() if k in ('dir', 'link')]
        if ways and pick.random() < 0.4:
            name = pick.choice(ways) + '/' + pick.choice('xyz')
        above = [kinds.get(name[:i]) for i, c in enumerate(name) if c == '/']
        peers = [n for n, k in kinds.items() if k in ('file', 'hard')]
        if kind == 'hard' and not peers or 'file' in above or 'hard' in above:
            if pick.random() < 0.98:
                continue
        peer = pick.choice(peers) if peers else 'a'
        return kind, name, peer
    return 'dir', 'a', ''


def random_layer(pick, top):
    """Up to 12 members, and their description."""
    out, words, kinds = [member(top + '/', 'dir')], [], {}
    for i in range(pick.randint(2, MEMBERS)):
        kind, name, peer = random_member(pick, kinds)
        link = random_target(pick, top) if kind == 'link' else '%s/%s' % (top, peer) if kind == 'hard' else ''
        data = b'%d' % i * pick.randint(0, 9) if kind == 'file' else b''
        out.append(member('%s/%s%s' % (top, name, '/' if kind == 'dir' else ''), kind, data, link))
        words.append('%s %s%s' % (kind, name, ' -> ' + link if link else ' ' + data.decode()))
        if kind != 'dir':
            kinds = {n: k for n, k in kinds.items() if not n.startswith(name + '/')}
        kinds[name] = kind
    return b''.join(out), words


def change(pick, root, words):
    """Changes a tree as a user between two calls of tar does."""
    name = pick.choice(NAMES[:7])
    path = os.path.join(root, name)
    kind = pick.choice(['file', 'file', 'dir', 'link', 'hard', 'rename'])
    files = [n for n in NAMES if os.path.isfile(os.path.join(root, n)) and not os.path.islink(os.path.join(root, n))]
    parent = os.path.dirname(path)
    if not os.path.isdir(parent) or os.path.islink(parent):
        return
    if kind in ('hard', 'rename') and not files:
        kind = 'file'
    other = os.path.realpath(os.path.join(root, pick.choice(files))) if files else ''
    path = os.path.join(os.path.realpath(parent), os.path.basename(name))
    if os.path.exists(other) and os.path.exists(path) and os.path.samefile(other, path):
        return
    if kind in ('hard', 'rename') and other.startswith(path + '/'):
        return
    if os.path.isdir(path) and not os.path.islink(path):
        if kind == 'dir':
            return
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)
    if kind == 'dir':
        os.mkdir(path)
    elif kind == 'link':
        os.symlink(pick.choice(NAMES), path)
    elif kind == 'hard':
        os.link(other, path)
    elif kind == 'rename':
        os.rename(other, path)
    else:
        with open(path, 'w') as file:
            file.write(str(pick.random())[2:pick.randint(2, 9)])
    words.append('%s %s' % (kind, name))


def random_archive(pick, top, work):
    """An archive that GNU tar makes in up to three calls."""
    root, archive, words = os.path.join(work, 'src', top), os.path.join(work, 'made.tar'), []
    os.makedirs(root)
    if os.path.exists(archive):
        os.unlink(archive)
    for mode in ['-c'] + pick.choices(['-r', '-u'], k=pick.randint(0, 2)):
        for _ in range(pick.randint(2, 6)):
            change(pick, root, words)
        names = [n for n in NAMES if os.path.lexists(os.path.join(root, n)) and
                 not any(os.path.islink(os.path.join(root, n[:i])) for i, c in enumerate(n) if c == '/')]
        chosen = [top + '/' + n for n in pick.choices(names, k=pick.randint(1, 4))] if names else []
        chosen += pick.choices(chosen, k=pick.randint(0, 2)) if chosen else []
        chosen += [top] if pick.random() < 0.5 or not chosen else []
        listed = os.path.join(work, 'list')
        with open(listed, 'w') as file:
            file.write(''.join(n + '\n' for n in chosen))
        made = run('tar', '-b1', '--format=gnu', '--mtime=@1700000000', '--owner=0', '--group=0', '-C', os.path.join(work, 'src'),
                   mode + 'f', archive, '--files-from', listed)
        if made.returncode:
            raise SystemExit('tar %s: %s' % (mode, made.stdout.decode()))
        words.append('tar %s %s' % (mode, ' '.join(chosen)))
    with open(archive, 'rb') as file:
        data = file.read()
    if not data.endswith(END):
        raise SystemExit('tar: no end of archive')
    return data[:-len(END)], words


def facts(root):
    """The tree below a directory, without modes and times: the same for all unpackers."""
    out, groups = {}, {}
    for at, dirs, files in os.walk(root):
        for name in sorted(dirs + files):
            path = os.path.join(at, name)
            info = os.lstat(path)
            if stat.S_ISDIR(info.st_mode):
                fact = 'dir'
            elif stat.S_ISLNK(info.st_mode):
                fact = 'link ' + os.readlink(path)
            else:
                with open(path, 'rb') as file:
                    fact = 'file ' + file.read().decode()
            out[os.path.relpath(path, root)] = fact
            if not stat.S_ISDIR(info.st_mode):
                groups.setdefault(info.st_ino, []).append(os.path.relpath(path, root))
    for names in groups.values():
        if len(names) > 1:
            for name in names:
                out[name] += ' = ' + min(names)
    return out


def write_layout(path, layer):
    """An OCI layout with one layer, tag 1."""
    os.makedirs(path + '/blobs/sha256')

    def put(data, media):
        digest = hashlib.sha256(data).hexdigest()
        with open('%s/blobs/sha256/%s' % (path, digest), 'wb') as file:
            file.write(data)
        return {'mediaType': 'application/vnd.oci.image.' + media, 'digest': 'sha256:' + digest, 'size': len(data)}
    config = {'architecture': 'amd64', 'os': 'linux', 'config': {},
              'rootfs': {'type': 'layers', 'diff_ids': ['sha256:' + hashlib.sha256(layer).hexdigest()]}}
    manifest = {'schemaVersion': 2, 'mediaType': 'application/vnd.oci.image.manifest.v1+json',
                'config': put(json.dumps(config).encode(), 'config.v1+json'),
                'layers': [put(gzip.compress(layer, 1, mtime=0), 'layer.v1.tar+gzip')]}
    entry = put(json.dumps(manifest).encode(), 'manifest.v1+json')
    entry['annotations'] = {'org.opencontainers.image.ref.name': '1'}
    with open(path + '/index.json', 'w') as file:
        json.dump({'schemaVersion': 2, 'manifests': [entry]}, file)
    with open(path + '/oci-layout', 'w') as file:
        file.write('{"imageLayoutVersion":"1.0.0"}')


def fresh(path):
    shutil.rmtree(path, ignore_errors=True)
    return path


def unpack_umoci(layout, work):
    bundle = fresh(os.path.join(work, 'bundle'))
    if run('umoci', 'unpack', '--image', layout + ':1', bundle).returncode:
        return None
    return facts(bundle + '/rootfs')


def unpack_overlay(storage):
    driver, root, runroot = storage

    def buildah(*arguments):
        done = run('buildah', '--root', root, '--runroot', runroot, '--storage-driver', driver, *arguments)
        return done.returncode, done.stdout.decode().strip()

    def unpack(layout, _):
        name = 'localhost/unpackers'
        if run('skopeo', 'copy', '-q', 'oci:%s:1' % layout,
               'containers-storage:[%s@%s+%s]%s' % (driver, root, runroot, name)).returncode:
            return None
        code, container = buildah('from', '--pull-never', name)
        code2, point = buildah('mount', container)
        if code or code2:
            raise SystemExit('buildah: %s %s' % (container, point))
        out = facts(point)
        buildah('rm', container)
        buildah('rmi', name)
        return out
    return unpack


def unpack_each(unpack, cases, work):
    """Unpacks all cases in one image; halves the list if the unpacker rejects it."""
    layout = fresh(os.path.join(work, 'layout'))
    write_layout(layout, b''.join(data for _, data, _ in cases) + END)
    tree = unpack(layout, work)
    if tree is not None:
        return {top: {k: v for k, v in tree.items() if k.startswith(top + '/')} for top, _, _ in cases}
    if len(cases) == 1:
        return {cases[0][0]: None}
    middle = len(cases) // 2
    out = unpack_each(unpack, cases[:middle], work)
    out.update(unpack_each(unpack, cases[middle:], work))
    return out


def unpack_tar(cases, work):
    out = {}
    for top, data, _ in cases:
        root = fresh(os.path.join(work, 'gnu'))
        os.mkdir(root)
        done = run('tar', '-C', root, '-xf', '-', input=data + END)
        out[top] = facts(root) if done.returncode == 0 else None
        if out[top]:
            out[top].pop(top, None)
    return out


def load(xsmall, cases, work):
    """What xsmall extracts from the same image."""
    layout, session = fresh(os.path.join(work, 'layout')), os.path.join(work, 's.xsmall')
    write_layout(layout, b''.join(data for _, data, _ in cases) + END)
    for name in os.listdir(work):
        if name.startswith('s.xsmall'):
            os.unlink(os.path.join(work, name))
    out = fresh(os.path.join(work, 'out'))
    for command in (['load', layout], ['extract', '-o', out, '/']):
        done = run(xsmall, '-q', '-s', session, *command)
        if done.returncode:
            raise SystemExit('xsmall: %s' % done.stdout.decode())
    tree = facts(out)
    return {top: {k: v for k, v in tree.items() if k.startswith(top + '/')} for top, _, _ in cases}


def judge(counts, trees, ours, case):
    accepted = [tree for tree in trees.values() if tree is not None]
    agree = all(tree == accepted[0] for tree in accepted)
    words = ', '.join('%s %s' % (name, 'rejects' if tree is None else 'unpacks') for name, tree in trees.items())
    if not agree:
        words = 'different trees'
    counts[words] += 1
    if not accepted or ours in accepted:
        return True
    top, _, description = case
    print('FAILED: %s (%s)' % (top, words))
    for line in description:
        print('    ' + line)
    for name, tree in list(trees.items()) + [('xsmall', ours)]:
        print('  %s:' % name)
        for path, fact in sorted((tree or {}).items()):
            print('    %s %s' % (path, fact))
    return False


def main(kind, xsmall, seed, count, *storage):
    work = os.getcwd()
    counts, failed = collections.Counter(), 0
    print('seed %s' % seed)
    for start in range(0, int(count), BATCH):
        cases = []
        for i in range(start, min(start + BATCH, int(count))):
            pick, top = random.Random('%s %d' % (seed, i)), 'case%04d' % i
            data, words = random_layer(pick, top) if kind == 'layers' else random_archive(pick, top, work)
            cases.append((top, data, words))
        trees = {}
        if kind == 'archives':
            trees['GNU tar'] = unpack_tar(cases, work)
        else:
            trees['umoci'] = unpack_each(unpack_umoci, cases, work)
        if storage:
            trees['buildah'] = unpack_each(unpack_overlay(storage), cases, work)
        ours = load(xsmall, cases, work)
        for case in cases:
            failed += not judge(counts, {n: t[case[0]] for n, t in trees.items()}, ours[case[0]], case)
        fresh(os.path.join(work, 'src'))
    for words, n in sorted(counts.items()):
        print('%d cases: %s' % (n, words))
    print('%d cases failed' % failed)
    return failed > 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
