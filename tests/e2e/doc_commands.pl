#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# Runs the commands that a document shows, and compares what they print with what is shown.
#
#   perl doc_commands.pl [--update] FILE.md
#
# A block that is fenced with ```console holds commands and their output:
#
#   $ xsmall lines | tail -n 1          a command; further lines of it begin with "> "
#   run.101:exit_group(0) = ?           what it prints, standard error included
#   …                                   any lines, also none
#
# All blocks of a document run in one shell, in the current directory. Numbers are compared as one
# kind of word each, because sizes differ from machine to machine; so are hexadecimal digests.
# --update writes what the commands print into the document; a block that has a line "…" keeps its
# lines before it.
use strict;
use warnings;

my $update = @ARGV && $ARGV[0] eq '--update' && shift;
my $file = shift // die "usage: doc_commands.pl [--update] FILE.md\n";
open my $in, '<', $file or die "$file: $!\n";
my @lines = <$in>;
close $in;

# @steps: {command, shown => [lines], at => line number}
my (@steps, @pieces, $fenced);
for my $i (0 .. $#lines) {
    my $line = $lines[$i];
    if ($line =~ /^```/) {
        $fenced = !$fenced && $line =~ /^```console$/;
        push @pieces, $line;
    } elsif ($fenced && @steps && !@{$steps[-1]{shown}} && $line =~ /^> (.*\n)/) {
        $steps[-1]{command} .= $1;
    } elsif ($fenced && $line =~ /^\$ (.*\n)/) {
        push @steps, {command => $1, shown => [], at => $i + 1};
        push @pieces, $steps[-1];
    } elsif ($fenced && @steps) {
        push @{$steps[-1]{shown}}, $line;
    } else {
        push @pieces, $line;
    }
}

my $mark = "--- step of the document $$ ---";
open my $script, '>', "doc_commands.sh" or die "doc_commands.sh: $!\n";
print $script "exec 2>&1\n";
print $script "$_->{command}\nprintf '\\n%s\\n' '$mark'\n" for @steps;
close $script;
my @outputs = split /\n?\Q$mark\E\n/, `bash doc_commands.sh </dev/null`, -1;

sub masked
{
    my ($text) = @_;
    $text =~ s/\b(?:0x)?[0-9a-f]{6,}\b/N/g;
    $text =~ s/\d+(?:[.,]\d+)*/N/g;
    $text =~ s/[ \t]+/ /g;
    $text =~ s/ $//;
    return $text;
}

# Returns true if lines are as shown; "…" means any lines.
sub agrees
{
    my ($shown, $got) = @_;
    my $pattern = join '', map { /^…$/ ? '(?:.*\n)*?' : quotemeta(masked($_ =~ s/\n\z//r)) . '\n' } @$shown;
    my $text = join '', map { masked($_) . "\n" } @$got;
    return $text =~ /\A$pattern\z/;
}

# A command as the document shows it.
sub written
{
    my ($first, @more) = split /^/, $_[0];
    return ("\$ $first", map { "> $_" } @more);
}

my $failed = 0;
for my $i (0 .. $#steps) {
    my $step = $steps[$i];
    my $output = $outputs[$i] // "(the shell ended before)\n";
    my @got = split /\n/, $output;
    next if agrees($step->{shown}, \@got);
    if ($update) {
        my @new;
        for my $n (0 .. $#{$step->{shown}}) {
            last if $n > $#got;
            if ($step->{shown}[$n] =~ /^…$/) {
                push @new, "…\n";
                last;
            }
            push @new, "$got[$n]\n";
        }
        $step->{shown} = (grep { /^…$/ } @{$step->{shown}}) ? \@new : [map {"$_\n"} @got];
        next;
    }
    $failed++;
    print "$file:$step->{at}: \$ $step->{command}";
    print "  shown: $_" for @{$step->{shown}};
    print "  got:   $_\n" for @got;
}
if ($update) {
    open my $out, '>', $file or die "$file: $!\n";
    print $out ref $_ ? (written($_->{command}), @{$_->{shown}}) : $_ for @pieces;
    close $out;
}
printf "%s: %d commands, %d failed\n", $file, scalar @steps, $failed;
exit($failed || !@steps ? 1 : 0);
