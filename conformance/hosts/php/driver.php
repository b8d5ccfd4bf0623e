<?php
// The conformance driver in PHP, whose FFI reads deepidv.cdef as it is.

final class Refused extends Exception {}

/** The library, with objects that are freed when nothing refers to them. */
final class Library
{
    public FFI $ffi;

    public function __construct()
    {
        $this->ffi = FFI::cdef(file_get_contents(getenv('DEEPIDV_CDEF')), 'libdeepidv.so.0');
    }

    /** Calls a function by its name without the prefix; a string becomes a pointer and a length. */
    public function __call(string $name, array $arguments): mixed
    {
        $words = [];
        foreach ($arguments as $argument) {
            array_push($words, ...match (true) {
                is_string($argument) => [$argument, strlen($argument)],
                $argument instanceof Owned => [$argument->pointer],
                default => [$argument],
            });
        }
        return $this->ffi->{"deepidv_$name"}(...$words);
    }

    public function statusLine(int $status, ?string $field = null): string
    {
        return $this->status_name($status) . ($field === null ? '' : "\t$field");
    }

    public function check(int $status, ?string $field = null): void
    {
        $status === 0 || throw new Refused($this->statusLine($status, $field));
    }

    /** Calls a function whose last argument is where it stores a new object. */
    public function make(string $kind, string $function, mixed ...$arguments): Owned
    {
        $out = $this->ffi->new("deepidv_$kind *");
        $status = $this->$function(...[...$arguments, FFI::addr($out)]);
        FFI::isNull($out) && throw new Refused($this->statusLine($status));
        return new Owned($this, $kind, $out);
    }

    public function newClient(): Owned
    {
        $config = $this->make('config', 'config_new');
        $this->check($this->config_from_env($config, null));
        return $this->make('client', 'client_new', $config);
    }

    public function newRequest(string $json): Owned
    {
        $request = $this->make('session_request', 'session_request_new');
        $field = $this->ffi->new('const char *');
        $status = $this->session_request_set_json($request, $json, FFI::addr($field), null);
        $this->check($status, FFI::isNull($field) ? null : FFI::string($field));
        return $request;
    }
}

/** An object of the library. */
final class Owned
{
    public function __construct(private Library $library, private string $kind, public FFI\CData $pointer) {}

    public function __destruct()
    {
        $this->library->{"{$this->kind}_free"}($this->pointer);
    }

    public function describe(): string
    {
        return $this->library->{"{$this->kind}_describe"}($this->pointer, null);
    }
}

$deepidv = new Library();
$client = $deepidv->newClient();
$ask = fn (string $function, ...$arguments) =>
    $deepidv->make('result', $function, $client, ...$arguments)->describe();

/** Submits creates and takes their completions. php://fd opens a copy of the descriptor, which may be closed. */
function many(string $name, int $count, string $json): string
{
    global $deepidv, $client;
    $request = $deepidv->newRequest($json);
    for ($tag = 1; $tag <= $count; $tag++) {
        $deepidv->check($deepidv->session_request_set_external_id($request, "$name-$tag"));
        $deepidv->check($deepidv->session_create_submit($client, $request, $tag, null));
    }
    if ($name === 'collect') {
        for ($number = 0; $number < 1000; $number++) {
            $deepidv->newRequest($json);
        }
        gc_collect_cycles();
    }
    $descriptor = fopen('php://fd/' . $deepidv->client_fd($client), 'r');
    $event = $deepidv->ffi->new('deepidv_event');
    [$taken, $tags, $sessions] = [0, 0, 0];
    while ($taken < $count) {
        [$read, $write, $except] = [[$descriptor], null, null];
        stream_select($read, $write, $except, null);
        while (true) {
            try {
                $result = $deepidv->make('result', 'client_next', $client, FFI::addr($event));
            } catch (Refused) {
                break;
            }
            $taken++;
            $tags += $event->tag;
            $sessions += $deepidv->result_session_id($result, null) !== null;
        }
    }
    fclose($descriptor);
    return "$taken completions, tags $tags, $sessions sessions";
}

$commands = [
    'version' => fn () => ($deepidv->abi_version() >> 16) . '.' . ($deepidv->abi_version() & 0xFFFF),
    'redirect' => function ($url) use ($deepidv) {
        $buffer = $deepidv->ffi->new('char[8192]');
        $deepidv->check($deepidv->redirect_describe($url, $buffer, 8192, null));
        return FFI::string($buffer);
    },
    'matches' => function ($url, $id) use ($deepidv) {
        $parsed = $deepidv->ffi->new('deepidv_redirect');
        $deepidv->check($deepidv->redirect_parse($url, FFI::addr($parsed)));
        return $deepidv->statusLine($deepidv->redirect_matches($url, FFI::addr($parsed), $id));
    },
    'webhook' => function ($secret, $signature, $body) use ($deepidv) {
        $secrets = $deepidv->make('webhook_secrets', 'webhook_secrets_new');
        $deepidv->check($deepidv->webhook_secrets_add($secrets, $secret));
        return $deepidv->make('webhook', 'webhook_open', $secrets, $signature, $body)->describe();
    },
    'option' => function ($name, $value) use ($deepidv) {
        return $deepidv->statusLine($deepidv->config_set($deepidv->make('config', 'config_new'), $name, $value));
    },
    'check' => function ($json) use ($deepidv) {
        $field = $deepidv->ffi->new('const char *');
        $status = $deepidv->session_request_validate($deepidv->newRequest($json), FFI::addr($field));
        return $deepidv->statusLine($status, FFI::isNull($field) ? null : FFI::string($field));
    },
    'create' => fn ($json) => $ask('session_create', $deepidv->newRequest($json)),
    'find' => fn ($json) => $ask('session_find_or_create', $deepidv->newRequest($json)),
    'retrieve' => fn ($id) => $ask('session_retrieve', $id),
    'list' => fn ($externalId, $limit) => $ask('session_list', $externalId, (int) $limit, null, 0),
    'update' => fn ($id, $word) => $ask('session_update_status', $id, $deepidv->ffi->{"DEEPIDV_DECISION_$word"}),
    'confirm' => fn ($url, $id) => $ask('redirect_confirm', $url, $id),
    'reconcile' => fn ($token) => $ask('session_reconcile', $token),
    'many' => fn ($count, $json) => many('many', (int) $count, $json),
    'collect' => fn ($count, $json) => many('collect', (int) $count, $json),
    'cancel' => function ($id) use ($deepidv, $client) {
        [$op, $event] = [$deepidv->ffi->new('uint64_t'), $deepidv->ffi->new('deepidv_event')];
        $deepidv->check($deepidv->session_retrieve_submit($client, $id, 1, FFI::addr($op)));
        try {
            $deepidv->make('result', 'client_take', $client, $op->cdata, 50, FFI::addr($event));
        } catch (Refused $waited) {
            $deepidv->client_cancel($client, $op->cdata);
            $deepidv->make('result', 'client_take', $client, $op->cdata, -1, FFI::addr($event));
            return "{$waited->getMessage()}\t{$deepidv->statusLine($event->status)}";
        }
    },
    'nul' => fn ($json) => $deepidv->statusLine(
        $deepidv->session_request_set_first_name($deepidv->newRequest($json), "a\0b")),
    'order' => function ($json) use ($deepidv) {
        [$other, $request] = [$deepidv->newClient(), $deepidv->newRequest($json)];
        $result = $deepidv->make('result', 'session_create', $other, $request);
        unset($other, $request);
        return $result->describe();
    },
    'fork' => function ($json) use ($deepidv, $client) {
        $request = $deepidv->newRequest($json);
        $child = pcntl_fork();
        if ($child === 0) {
            exit($deepidv->session_create($client, $request, FFI::addr($deepidv->ffi->new('deepidv_result *'))));
        }
        pcntl_waitpid($child, $ended);
        return $deepidv->statusLine(pcntl_wexitstatus($ended));
    },
];

while (($line = fgets(STDIN)) !== false) {
    $fields = explode("\t", rtrim($line, "\n"));
    $name = array_shift($fields);
    try {
        echo $commands[$name](...$fields), "\n";
    } catch (Refused $refused) {
        echo $refused->getMessage(), "\n";
    }
}
