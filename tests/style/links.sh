#!/bin/bash
# SPDX-License-Identifier: MIT
# Each link in a document leads to a file of the repository, and its #anchor to a heading of that file.
# Links to the web are not followed. The build directory is $1.
. "$(dirname "$0")/../e2e/lib_check.sh"
cd "$here/../.." || exit 1

# broken_links FILE...: prints "FILE:LINE: TARGET: reason" of each broken link, and to standard error
# the number of links.
broken_links()
{
    perl -CSD - "$@" <<'PERL'
use strict;
use warnings;

# The lines of a file; lines of fenced code are empty.
sub lines_of
{
    my ($file) = @_;
    open my $in, '<:utf8', $file or return;
    my $fenced = 0;
    return map { /^\s*```/ ? do { $fenced = !$fenced; '' } : $fenced ? '' : $_ } <$in>;
}

# The anchors that GitHub makes: lower case, no punctuation, a hyphen for each space; the second equal
# heading gets -1.
my %anchors;
sub anchors_of
{
    my ($file) = @_;
    return $anchors{$file} //= do {
        my (%found, %n);
        for (lines_of($file)) {
            $found{$_} = 1 for /\b(?:id|name)="([^"]+)"/g;
            next unless /^#+\s+(.*?)\s*#*\s*$/;
            my $name = lc $1;
            $name =~ s/\[([^\]]*)\]\([^)]*\)/$1/g;
            $name =~ s/[^\w\- ]//g;
            $name =~ tr/ /-/;
            $found{$n{$name} ? "$name-$n{$name}" : $name} = 1;
            $n{$name}++;
        }
        \%found;
    };
}

my $n = 0;
for my $file (@ARGV) {
    my $line = 0;
    for (lines_of($file)) {
        $line++;
        s/`[^`]*`//g;
        while (/\]\(\s*<?([^)\s>]+)|^\[[^\]]+\]:\s*(\S+)|\b(?:src|href)="([^"]+)"/g) {
            my $link = $1 // $2 // $3;
            $n++;
            next if $link =~ /^(?:https?|mailto):/;
            my ($path, $anchor) = split /#/, $link, 2;
            my $target = $path eq '' ? $file : ($file =~ s{[^/]*$}{}r) . $path;
            if (!-e $target) {
                print "$file:$line: $link: no such file\n";
            } elsif (defined $anchor && !anchors_of($target)->{$anchor}) {
                print "$file:$line: $link: no such heading\n";
            }
        }
    }
}
print STDERR "$n\n";
PERL
}

equal "broken links" "" "$(broken_links README.md share/doc/*.md .github/*.md tests/*.md 2>"$scratch/n")"
check "links were found" test "$(cat "$scratch/n")" -gt 20

cd "$scratch" || exit 1
cat >a.md <<'MD'
# One *thing*: a `test`
## Two
## Two
[one](#one-thing-a-test) [two](a.md#two-1) [web](https://example.com/none)
[no file](b.md) <img src="b.svg"> [no heading](#three)
`[code](none.md)`
```
[code](none.md)
```
MD
equal "links of a document" 'a.md:5: b.md: no such file
a.md:5: b.svg: no such file
a.md:5: #three: no such heading' "$(broken_links a.md 2>&-)"
finish
