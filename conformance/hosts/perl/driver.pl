# The conformance driver in Perl with FFI::Platypus.

use v5.36;
use Deepidv;
use FFI::Platypus::Buffer qw(scalar_to_pointer);
use POSIX ();

# An object of the library, which frees itself.
package Owned {
  sub new ($class, $kind, $pointer) { return bless { kind => $kind, pointer => $pointer }, $class }
  sub free ($self) {
    my $pointer = delete $self->{pointer};
    Deepidv->can("$self->{kind}_free")->($pointer) if $pointer;
  }
  sub DESTROY ($self) { $self->free }
  sub describe ($self) { return Deepidv->can("$self->{kind}_describe")->($self->{pointer}, undef) }
}

sub name ($status, $field = undef) {
  return join "\t", Deepidv::status_name($status), $field // ();
}

# Ends the command, unless the status is DEEPIDV_OK.
sub check ($status, $field = undef) { die name($status, $field) . "\n" if $status }

# Calls a function; objects become addresses, and texts get their lengths.
sub call ($function, @arguments) {
  my @words = map { ref eq 'Owned' ? $_->{pointer} : ref eq 'ARRAY' ? ($_->[0], length $_->[0]) : $_ } @arguments;
  return Deepidv->can($function)->(@words);
}

# Calls a function whose last argument is where it stores a new object.
sub make ($kind, $function, @arguments) {
  my $status = call($function, @arguments, \my $pointer);
  die name($status) . "\n" unless $pointer;
  return Owned->new($kind, $pointer);
}

sub new_client {
  my $config = make('config', 'config_new');
  check(call('config_from_env', $config, undef));
  return make('client', 'client_new', $config);
}

sub new_request ($json) {
  my ($request, $field) = make('session_request', 'session_request_new');
  check(call('session_request_set_json', $request, [$json], \$field, undef), $field);
  return $request;
}

my $client = new_client();

sub ask ($function, @arguments) { return make('result', $function, $client, @arguments)->describe }

sub submit ($prefix, $count, $json) {
  my $request = new_request($json);
  for my $tag (1 .. $count) {
    check(call('session_request_set_external_id', $request, ["$prefix-$tag"]));
    check(call('session_create_submit', $client, $request, $tag, undef));
  }
}

sub take ($count) {
  my ($taken, $tags, $sessions, $event) = (0, 0, 0, "\0" x Deepidv::size('event'));
  vec(my $watched = '', Deepidv::client_fd($client->{pointer}), 1) = 1;
  while ($taken < $count) {
    select my $ready = $watched, undef, undef, undef;
    while (my $result = eval { make('result', 'client_next', $client, scalar_to_pointer($event)) }) {
      $taken += 1;
      $tags += (unpack 'QQlL', $event)[1];
      $sessions += defined call('result_session_id', $result, undef);
    }
  }
  return "$taken completions, tags $tags, $sessions sessions";
}

my %commands = (
  version => sub { join '.', Deepidv::abi_version() >> 16, Deepidv::abi_version() & 0xFFFF },
  redirect => sub ($url) {
    my $buffer = "\0" x 8192;
    check(call('redirect_describe', [$url], scalar_to_pointer($buffer), length $buffer, \my $length));
    return substr $buffer, 0, $length;
  },
  matches => sub ($url, $id) {
    my $parsed = scalar_to_pointer(my $memory = "\0" x Deepidv::size('redirect'));
    check(call('redirect_parse', [$url], $parsed));
    return name(call('redirect_matches', [$url], $parsed, [$id]));
  },
  webhook => sub ($secret, $signature, $body) {
    my $secrets = make('webhook_secrets', 'webhook_secrets_new');
    check(call('webhook_secrets_add', $secrets, [$secret]));
    return make('webhook', 'webhook_open', $secrets, [$signature], [$body])->describe;
  },
  option => sub ($key, $value) { name(call('config_set', make('config', 'config_new'), [$key], [$value])) },
  check => sub ($json) {
    my ($request, $field) = new_request($json);
    return name(call('session_request_validate', $request, \$field), $field);
  },
  create => sub ($json) { ask('session_create', new_request($json)) },
  find => sub ($json) { ask('session_find_or_create', new_request($json)) },
  retrieve => sub ($id) { ask('session_retrieve', [$id]) },
  list => sub ($external_id, $limit) { ask('session_list', [$external_id], $limit, undef, 0) },
  update => sub ($id, $word) { ask('session_update_status', [$id], Deepidv::constant("DECISION_$word")) },
  confirm => sub ($url, $id) { ask('redirect_confirm', [$url], [$id]) },
  reconcile => sub ($token) { ask('session_reconcile', [$token]) },
  many => sub ($count, $json) { submit('many', $count, $json); take($count) },
  # Perl counts references: each request is freed at the end of its statement.
  collect => sub ($count, $json) { submit('collect', $count, $json); new_request($json) for 1 .. 1000; take($count) },
  cancel => sub ($id) {
    my $event = scalar_to_pointer(my $memory = "\0" x Deepidv::size('event'));
    check(call('session_retrieve_submit', $client, [$id], 1, \my $op));
    my $waited = call('client_take', $client, $op, 50, $event, \my $none);
    call('client_cancel', $client, $op);
    make('result', 'client_take', $client, $op, -1, $event);
    return name($waited, name((unpack 'QQlL', $memory)[2]));
  },
  nul => sub ($json) { name(call('session_request_set_first_name', new_request($json), ["a\0b"])) },
  order => sub ($json) {
    my ($other, $request) = (new_client(), new_request($json));
    my $result = make('result', 'session_create', $other, $request);
    $_->free for $other, $request;
    return $result->describe;
  },
  fork => sub ($json) {
    my $request = new_request($json);
    my $child = fork // die "fork: $!";
    POSIX::_exit(call('session_create', $client, $request, \my $none)) if $child == 0;
    waitpid $child, 0;
    return name($? >> 8);
  },
);

$| = 1;
binmode $_ for *STDIN, *STDOUT;
while (defined(my $line = <STDIN>)) {
  chomp $line;
  my ($command, @fields) = split /\t/, $line, -1;
  print eval { $commands{$command}->(@fields) } // $@ =~ s/\n//r, "\n";
}
