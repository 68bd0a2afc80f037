#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# Checks the bytes that were sent to a terminal: perl controls.pl FILE [TERM]
#
# Without TERM the bytes must be text: UTF-8 of printable characters, newlines and tabs. With TERM they are
# a screen's: terminfo's control sequences of that terminal, as curses sends them, and those that xsmall
# sends itself (bracketed paste; OSC 52 with base64) are allowed too. Prints any other bytes with the
# bytes around them, and then exits with 1.
use strict;
use warnings;

my ($path, $term) = @ARGV;
open(my $in, '<:raw', $path) or die "$path: $!\n";
my $bytes = do { local $/; <$in> };

# A capability as a pattern: parameters are numbers; of one with conditions only the shape is known.
sub pattern_of {
    my ($text) = @_;
    $text =~ s/\$<[0-9.]+[*\/]*>//g;    # delays
    return qr/\e\[[0-9;:]*m/ if $text =~ /^\\E\[.*%\?.*m$/;
    my $out = '';
    while ($text =~ /\G(?:\\E|\^(.)|\\([0-7]{3})|\\(.)|(%i|%p[1-9])|(%d)|(%c)|(.))/gs) {
        if (defined $1)    { $out .= quotemeta(chr(ord($1) ^ 64)) }
        elsif (defined $2) { $out .= quotemeta(chr(oct($2))) }
        elsif (defined $3) { $out .= quotemeta($3 eq 'n' ? "\n" : $3 eq 'r' ? "\r" : $3) }
        elsif (defined $4) { }
        elsif (defined $5) { $out .= '[0-9]+' }
        elsif (defined $6) { $out .= '.' }
        elsif (defined $7) { $out .= quotemeta($7) }
        else               { $out .= '\e' }
    }
    return qr/$out/s;
}

my @allowed = (qr/\n/, qr/\t/);
if (defined $term) {
    my %output = map { $_ => 1 } qw(smcup rmcup clear cup home cuu cud cuf cub cuu1 cud1 cuf1 cub1 hpa
        vpa el el1 ed ech dl dl1 il il1 ich dch dch1 csr ri ind indn rin smir rmir cnorm civis cvvis
        sgr sgr0 setaf setab op bold dim rev smul rmul smso rmso smacs rmacs enacs rep cr ht cbt smkx rmkx smam
        rmam);
    for my $line (`infocmp -1 -x '$term'`) {
        next unless $line =~ /^\t(\w+)=(.*),$/ && $output{$1};
        push @allowed, pattern_of($2);
    }
    die "terminfo has no $term\n" if @allowed < 20;
    push @allowed, qr/\r/, qr/\e\[\?2004[hl]/, qr/\e\[\?1000[hl]/, qr/\e\[\?1006;1000[hl]/,
        qr/\e\]52;c;[A-Za-z0-9+\/]*=*\x07/;
}
my $controls = join '|', map { "(?:$_)" } @allowed;

my $n_odd = 0;
my $well_formed = qr/[\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf4][\x80-\xbf]{3}/;
# C1; soft hyphen; zero width, marks of direction; separators, embeddings; isolates; byte order mark;
# annotations; tags
my $unsafe = qr/\xc2[\x80-\x9f]|\xc2\xad|\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf|\xef\xbf[\xb9-\xbb]|\xf3\xa0[\x80-\x81]./s;
while ($bytes =~ /\G(?:($unsafe)|($controls)|($well_formed)|(.))/gs) {
    next unless defined $1 || defined $4;
    my $at = $-[0];
    my $around = substr($bytes, $at > 30 ? $at - 30 : 0, 70);
    $around =~ s/([^\x20-\x7e])/sprintf '\\x%02x', ord $1/ge;
    print "$path: byte $at: $around\n" if $n_odd++ < 5;
}
exit($n_odd ? 1 : 0);
