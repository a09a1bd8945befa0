# SPDX-License-Identifier: GPL-2.0-only
#
# What prove prints (tests/run.sh): a line for each program as it ends; at once, each
# test that fails, with what the program says after it, each test on real Xen, and lines
# of `# SEED` and `# NOTE`. The end names all that failed once more, since the first lines of
# a long run are often lost. The last line is `N passed, N failed`: a program that fails
# without naming a test, or runs others than it planned, is one failure more.
use strict;
use warnings;

package Lines;
use parent 'TAP::Formatter::File';

$| = 1;

sub open_test
{
    my ($self, $name, $parser) = @_;
    return Lines::Session->new({name => $name, formatter => $self, parser => $parser});
}

sub failures_of
{
    my ($parser) = @_;
    my $failed = $parser->failed;
    my $unsaid = $parser->parse_errors || (!$failed && $parser->has_problems);
    return $failed + ($unsaid ? 1 : 0);
}

sub summary
{
    my ($self, $aggregate, $interrupted) = @_;
    my $failed = 0;
    $failed += failures_of($_) for $aggregate->parsers($aggregate->descriptions);
    $self->SUPER::summary($aggregate, $interrupted);
    $self->_output($_) for @{$self->{failures} || []};
    $self->_output(sprintf("%d passed, %d failed\n", scalar $aggregate->passed, $failed));
}

package Lines::Session;
use parent 'TAP::Formatter::File::Session';

# Of lines that belong to no test, so many of the last ones are printed if the program fails.
use constant LAST_LINES => 30;

sub is_printed
{
    my ($self, $result) = @_;
    if ($result->is_test) {
        $self->{fails} = !$result->is_ok;
        return $self->{fails} || $self->name =~ m{^system/};
    }
    return $result->raw =~ /^# (?:SEED|NOTE)/ || ($self->{fails} && !$result->is_plan);
}

sub print_lines
{
    my ($self, @lines) = @_;
    $self->formatter->_output($self->name . ": $_\n") for @lines;
}

# For the end of the whole run.
sub keep_failure
{
    my ($self, $line) = @_;
    push @{$self->formatter->{failures}}, $self->name . ": $line\n";
}

sub time_report
{
    my ($self, $formatter, $parser) = @_;
    return sprintf(", %d tests, %.1f s", $parser->tests_run,
                   $parser->end_time - $parser->start_time);
}

sub result
{
    my ($self, $result) = @_;
    my $lines = $self->{lines} ||= [];
    if ($self->is_printed($result)) {
        $self->print_lines($result->raw);
        $self->keep_failure($result->raw) if $result->is_test && !$result->is_ok;
    } elsif ($result->is_unknown) {
        push @$lines, $result->raw;
        shift @$lines if @$lines > LAST_LINES;
    }
}

sub close_test
{
    my ($self) = @_;
    if ($self->parser->has_problems) {
        $self->print_lines(@{$self->{lines} || []});
        $self->print_lines("see build/log/tap/" . $self->name);
    }
    $self->SUPER::close_test;
}

1;
