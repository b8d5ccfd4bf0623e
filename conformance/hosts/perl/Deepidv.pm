# All functions of libdeepidv, as deepidv.abi.json describes them, without the prefix deepidv_.
package Deepidv;

use v5.36;
use FFI::Platypus 2.00;
use JSON::PP qw(decode_json);

open my $file, '<:raw', $ENV{DEEPIDV_ABI} or die "$ENV{DEEPIDV_ABI}: $!";
my $abi = decode_json(do { local $/ = undef; <$file> });
my $ffi = FFI::Platypus->new(api => 2, lib => $abi->{soname});
my %object = map { $_->{name} => 1 } $abi->{handles}->@*, $abi->{structures}->@*;

# Objects and structures are addresses; a text is a string of bytes.
sub type_of ($type) {
  return 'string' if $type eq 'const char *';
  return 'string*' if $type eq 'const char **';
  return 'sint32' if $type eq 'deepidv_status';
  return 'opaque' if $type eq 'char *';
  my ($base, $stars) = $type =~ /^(?:const )?(\w+) ?(\**)$/;
  return $stars eq '**' ? 'opaque*' : 'opaque' if $object{$base};
  return ($base =~ s/^int(\d)/sint$1/r =~ s/_t$//r =~ s/^size$/size_t/r) . $stars;
}

for my $function ($abi->{functions}->@*) {
  my @parameters = map { type_of($_->{type}) } $function->{parameters}->@*;
  my $short = $function->{name} =~ s/^deepidv_//r;
  $ffi->attach([$function->{name} => "Deepidv::$short"] => \@parameters => type_of($function->{returns}{type}));
}

my %value = map { $_->{name} => $_->{value} } map { $_->{constants}->@* } $abi->{constants}->@*;

sub constant ($name) { return $value{"DEEPIDV_$name"} }

# The size of a structure in bytes.
sub size ($name) { return (map { $_->{size} } grep { $_->{name} eq "deepidv_$name" } $abi->{structures}->@*)[0] }

1;
