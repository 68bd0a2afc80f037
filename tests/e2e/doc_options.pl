#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# Checks the commands that a document shows without running them.
#
#   perl doc_options.pl FILE.md     prints "FILE:LINE: what is wrong", then a line with the numbers
#
# Each block that is fenced with ```sh has the syntax of bash. Each xsmall command in these blocks, and in
# `inline code`, has a known command and options that `xsmall help COMMAND` lists. Values of options
# and placeholders (PATH, [--add STAGE]) are not checked.
use strict;
use warnings;
use Text::ParseWords;

my $file = shift // die "usage: doc_options.pl FILE.md\n";
my ($n_blocks, $n_commands, $n_wrong) = (0, 0, 0);

sub wrong
{
    my ($line, $text) = @_;
    print "$file:$line: $text\n";
    $n_wrong++;
}

# options_of(COMMAND): the options in its help, "" for those of the explorer; nothing for an unknown one.
my %options;
sub options_of
{
    my ($command) = @_;
    return $options{$command} //= do {
        my $help = `xsmall help $command 2>/dev/null`;
        my %found = map { $_ => 1 } map { /(?<!\S)(-[A-Za-z0-9]\b|--[a-z0-9-]+)/g }
            grep { /^  +-/ || /^usage:|^ {7,}/ } split /\n/, $help =~ s/^examples:.*//smr;
        \%found;
    };
}
my %commands = map { $_ => 1 } `xsmall help` =~ /^  ([a-z]+) /mg;

# Checks the xsmall commands in a piece of shell text that begins at a line.
sub check_commands
{
    my ($at, $text) = @_;
    my $line = $at;
    for (split /\n/, $text =~ s/\\\n/ /gr) {
        while (/(?:^|[|;&(]|\$ )\s*(?:sudo )?xsmall((?:\s+(?:'[^']*'|"[^"]*"|[^\s|;&()<>#'"]+|\[[^\]]*\])+)*)/g) {
            my @words = shellwords($1);
            my $command = '';
            $n_commands++;
            my @given;
            while (@words) {
                my $word = shift @words;
                last if $word eq '--';
                if ($word eq '-s' || $word eq '--session') {
                    shift @words;
                } elsif ($word =~ /^(--[a-z0-9-]+|-[A-Za-z])/) {
                    push @given, $1;
                } elsif ($command eq '' && !@given && $word =~ /^[a-z]+$/ && !-e $word) {
                    $commands{$word} or wrong($line, "xsmall $word: not a command");
                    $command = $word;
                }
            }
            next if $command ne '' && !$commands{$command};
            for (@given) {
                wrong($line, "xsmall $command: no option $_") unless options_of($command)->{$_};
            }
        }
        $line++;
    }
}

open my $in, '<', $file or die "$file: $!\n";
my ($block, $start, $fenced);
while (<$in>) {
    if (/^\s*```(\w*)/) {
        if ($fenced && defined $block) {
            open my $bash, '|-', 'bash -n 2>doc_options.errors' or die "bash: $!\n";
            print $bash $block;
            if (!close $bash) {
                open my $errors, '<', 'doc_options.errors' or die "doc_options.errors: $!\n";
                wrong($start, "bash -n: " . (<$errors> // "failed\n") =~ s/\n//r);
            }
            check_commands($start, $block);
            $n_blocks++;
        }
        $fenced = !$fenced;
        ($block, $start) = ($fenced && $1 eq 'sh' ? '' : undef, $. + 1);
    } elsif (defined $block) {
        $block .= $_;
    } elsif (!$fenced) {
        # A | in a table cell is written \|; … means any words.
        check_commands($., s/\\\|/|/gr =~ s/…//gr) for /`(xsmall[^`]*)`/g;
    }
}
print "$file: $n_blocks blocks, $n_commands commands, $n_wrong wrong\n";
exit($n_wrong ? 1 : 0);
