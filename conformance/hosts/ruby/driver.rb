# The conformance driver in Ruby with FFI.

require "deepidv"
require "io/wait"

class Refused < StandardError; end

# An object of the library, which the garbage collector frees.
class Owned < FFI::AutoPointer
  attr_reader :kind

  def initialize(kind, pointer)
    @kind = kind
    super(pointer, Deepidv.method("#{kind}_free"))
  end

  def describe
    Deepidv.public_send("#{kind}_describe", self, nil)
  end
end

def name(status, field = nil)
  [Deepidv.status_name(status), field].compact.join("\t")
end

def check(status, field = nil)
  raise Refused, name(status, field) unless status == Deepidv::OK
end

# Calls a function; a string becomes a pointer and a length.
def call(function, *arguments)
  words = arguments.flat_map { |word| word.is_a?(String) ? [word, word.bytesize] : [word] }
  Deepidv.public_send(function, *words)
end

def out(type)
  FFI::MemoryPointer.new(type)
end

def text_in(pointer)
  text = pointer.read_pointer
  text.read_string unless text.null?
end

# Calls a function whose last argument is where it stores a new object.
def make(kind, function, *arguments)
  object = out(:pointer)
  status = call(function, *arguments, object)
  raise Refused, name(status) if object.read_pointer.null?

  Owned.new(kind, object.read_pointer)
end

def new_client
  config = make(:config, :config_new)
  check(Deepidv.config_from_env(config, nil))
  make(:client, :client_new, config)
end

def new_request(json)
  request = make(:session_request, :session_request_new)
  field = out(:pointer)
  check(call(:session_request_set_json, request, json, field, nil), text_in(field))
  request
end

# One method for each command.
class Driver
  def initialize
    @client = new_client
  end

  def ask(function, *arguments)
    make(:result, function, @client, *arguments).describe
  end

  def version
    number = Deepidv.abi_version
    "#{number >> 16}.#{number & 0xFFFF}"
  end

  def redirect(url)
    buffer = FFI::MemoryPointer.new(8192)
    check(call(:redirect_describe, url, buffer, buffer.size, nil))
    buffer.read_string
  end

  def matches(url, id)
    parsed = Deepidv::Redirect.new
    check(call(:redirect_parse, url, parsed))
    name(call(:redirect_matches, url, parsed, id))
  end

  def webhook(secret, signature, body)
    secrets = make(:webhook_secrets, :webhook_secrets_new)
    check(call(:webhook_secrets_add, secrets, secret))
    make(:webhook, :webhook_open, secrets, signature, body).describe
  end

  def option(key, value)
    name(call(:config_set, make(:config, :config_new), key, value))
  end

  def check_request(json)
    field = out(:pointer)
    name(call(:session_request_validate, new_request(json), field), text_in(field))
  end

  def create(json) = ask(:session_create, new_request(json))
  def find(json) = ask(:session_find_or_create, new_request(json))
  def retrieve(id) = ask(:session_retrieve, id)
  def list(external_id, limit) = ask(:session_list, external_id, limit.to_i, nil, 0)
  def update(id, word) = ask(:session_update_status, id, Deepidv.const_get("DECISION_#{word}"))
  def confirm(url, id) = ask(:redirect_confirm, url, id)
  def reconcile(token) = ask(:session_reconcile, token)

  def submit(prefix, count, json)
    request = new_request(json)
    1.upto(count) do |tag|
      check(call(:session_request_set_external_id, request, "#{prefix}-#{tag}"))
      check(call(:session_create_submit, @client, request, tag, nil))
    end
  end

  def take(count)
    # The descriptor belongs to the client: Ruby must not close it.
    descriptor = IO.for_fd(Deepidv.client_fd(@client), autoclose: false)
    event = Deepidv::Event.new
    taken = []
    while taken.size < count
      descriptor.wait_readable
      loop do
        result = make(:result, :client_next, @client, event)
        taken << [event[:tag], Deepidv.result_session_id(result, nil)]
      rescue Refused
        break
      end
    end
    "#{taken.size} completions, tags #{taken.sum(&:first)}, #{taken.count(&:last)} sessions"
  end

  def many(count, json)
    submit("many", count.to_i, json)
    take(count.to_i)
  end

  def collect(count, json)
    submit("collect", count.to_i, json)
    1000.times { new_request(json) }
    GC.start
    take(count.to_i)
  end

  def cancel(id)
    op = out(:uint64)
    event = Deepidv::Event.new
    check(call(:session_retrieve_submit, @client, id, 1, op))
    make(:result, :client_take, @client, op.read_uint64, 50, event)
  rescue Refused => waited
    Deepidv.client_cancel(@client, op.read_uint64)
    make(:result, :client_take, @client, op.read_uint64, -1, event)
    "#{waited.message}\t#{name(event[:status])}"
  end

  def nul(json)
    name(call(:session_request_set_first_name, new_request(json), "a\0b"))
  end

  def order(json)
    client, request = new_client, new_request(json)
    result = make(:result, :session_create, client, request)
    [client, request].each(&:free)
    result.describe
  end

  def fork(json)
    request = new_request(json)
    child = Process.fork { exit!(call(:session_create, @client, request, out(:pointer))) }
    Process.wait(child)
    name($?.exitstatus)
  end
end

$stdout.sync = true
driver = Driver.new
$stdin.binmode.each_line(chomp: true) do |line|
  command, *fields = line.split("\t", -1)
  puts driver.public_send(command.sub(/\Acheck\z/, "check_request"), *fields)
rescue Refused => refused
  puts refused.message
end
