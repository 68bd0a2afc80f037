#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# Prints each listed phrase that a file contains: FILE:LINE: "phrase": write "replacement".
#
#   perl words.pl LIST ALLOWED <FILES
#
# LIST has lines "phrase | replacement"; a space in a phrase also matches a line break with the marks
# of a comment, and the phrase is a Perl regular expression that matches whole words.
# ALLOWED has lines "FILE: text": the text may stay in that file. An entry that no phrase of its file
# needs is an error, so that the list stays exact.
# Of C files only comments and string literals are read; of other files everything.
use strict;
use warnings;

my ($list, $allowed) = @ARGV;

sub entries
{
    my ($name) = @_;
    open my $in, '<', $name or die "$name: $!\n";
    return map { s/\s+\z//r } grep { !/^#/ && /\S/ } <$in>;
}

my (@phrases, %allowed, %used);
for (entries($list)) {
    my ($phrase, $replacement) = /^(.*\S)\s+\|\s+(.*)$/ or die "$list: not \"phrase | replacement\": $_\n";
    my $gap = '[\s*#]+';
    $phrase =~ s/ /$gap/g;
    push @phrases, [qr/(?<![\w-])(?i:$phrase)(?![\w-])/, $replacement];
}
for (entries($allowed)) {
    my ($file, $text) = /^([^:]+): (.*)$/ or die "$allowed: not \"FILE: text\": $_\n";
    push @{$allowed{$file}}, $text;
}

# Blanks the code between comments and string literals; line breaks stay.
sub c_text
{
    my ($text) = @_;
    my $out = '';
    while ($text =~ m{\G(?:(/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*")|('(?:[^'\\\n]|\\.)*'|.))}gs) {
        $out .= $1 // ($2 eq "\n" ? "\n" : ' ');
    }
    return $out;
}

my $n = 0;
while (my $file = <STDIN>) {
    chomp $file;
    open my $in, '<', $file or die "$file: $!\n";
    my $text = do { local $/; <$in> } // '';
    $text = c_text($text) if $file =~ /\.[ch]$/;
    # An allowed text is blanked: its first letters that a phrase would need are gone.
    for my $entry (@{$allowed{$file} // []}) {
        my $pattern = join '[\s*#]+', map { quotemeta } split ' ', $entry;
        my $without = $text =~ s/($pattern)/$1 =~ s{[^\n]}{~}gr/ger;
        for (@phrases) {
            my $before = () = $text =~ /$_->[0]/g;
            my $after = () = $without =~ /$_->[0]/g;
            $used{"$file: $entry"} = 1 if $after < $before;
        }
        $text = $without;
    }
    for (@phrases) {
        my ($phrase, $replacement) = @$_;
        while ($text =~ /$phrase/g) {
            my $line = 1 + (substr($text, 0, $-[0]) =~ tr/\n//);
            my $found = $& =~ s/[\s*#]+/ /gr;
            print "$file:$line: \"$found\": write $replacement\n";
            $n++;
        }
    }
    for my $entry (@{$allowed{$file} // []}) {
        next if $used{"$file: $entry"};
        print "$allowed: not needed: $file: $entry\n";
        $n++;
    }
}
exit($n ? 1 : 0);
