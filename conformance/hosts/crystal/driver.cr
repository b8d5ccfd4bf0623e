# The conformance driver in Crystal.

require "deepidv"

lib LibC
  fun dup(descriptor : Int) : Int
end

class Refused < Exception
  def initialize(status, field : Pointer(UInt8) = Pointer(UInt8).null)
    super(name(status, field))
  end
end

def name(status, field : Pointer(UInt8) = Pointer(UInt8).null)
  line = String.new(LibDeepidv.status_name(status))
  field.null? ? line : "#{line}\t#{String.new(field)}"
end

def check(status, field : Pointer(UInt8) = Pointer(UInt8).null)
  raise Refused.new(status, field) unless status == LibDeepidv::OK
end

# An object of the library, which the collector frees. A block gets where to store it, and returns the status.
abstract class Owned
  @pointer = Pointer(Void).null

  def initialize(&)
    status = yield pointerof(@pointer)
    raise Refused.new(status) if @pointer.null?
  end

  def to_unsafe
    @pointer
  end

  abstract def free(pointer)

  def release
    free(@pointer)
    @pointer = Pointer(Void).null
  end

  def finalize
    free(@pointer)
  end
end

{% for name in %w(config client session_request result webhook_secrets webhook) %}
  class {{name.camelcase.id}} < Owned
    def free(pointer)
      LibDeepidv.{{name.id}}_free(pointer)
    end
  end
{% end %}

def new_client
  config = Config.new { |made| LibDeepidv.config_new(made) }
  check(LibDeepidv.config_from_env(config, nil))
  Client.new { |made| LibDeepidv.client_new(config, made) }
end

def new_request(json)
  request = SessionRequest.new { |made| LibDeepidv.session_request_new(made) }
  status = LibDeepidv.session_request_set_json(request, json, json.bytesize, out field, nil)
  check(status, field)
  request
end

def describe(result)
  String.new(LibDeepidv.result_describe(result, nil))
end

# One method for each command.
class Driver
  def initialize(@client : Client)
  end

  def ask(&)
    describe(Result.new { |made| yield made })
  end

  def redirect(url)
    buffer = Bytes.new(8192)
    check(LibDeepidv.redirect_describe(url, url.bytesize, buffer, buffer.size, out length))
    String.new(buffer[0, length])
  end

  def matches(url, id)
    check(LibDeepidv.redirect_parse(url, url.bytesize, out parsed))
    name(LibDeepidv.redirect_matches(url, url.bytesize, pointerof(parsed), id, id.bytesize))
  end

  def webhook(secret, signature, body)
    secrets = WebhookSecrets.new { |made| LibDeepidv.webhook_secrets_new(made) }
    check(LibDeepidv.webhook_secrets_add(secrets, secret, secret.bytesize))
    event = Webhook.new do |made|
      LibDeepidv.webhook_open(secrets, signature, signature.bytesize, body, body.bytesize, made)
    end
    String.new(LibDeepidv.webhook_describe(event, nil))
  end

  def option(key, value)
    config = Config.new { |made| LibDeepidv.config_new(made) }
    name(LibDeepidv.config_set(config, key, key.bytesize, value, value.bytesize))
  end

  def check_request(json)
    status = LibDeepidv.session_request_validate(new_request(json), out field)
    name(status, field)
  end

  def create(json)
    request = new_request(json)
    ask { |made| LibDeepidv.session_create(@client, request, made) }
  end

  def find(json)
    request = new_request(json)
    ask { |made| LibDeepidv.session_find_or_create(@client, request, made) }
  end

  def list(id, limit)
    ask { |made| LibDeepidv.session_list(@client, id, id.bytesize, limit, nil, 0, made) }
  end

  def update(id, word)
    decision = word == "VERIFIED" ? LibDeepidv::DECISION_VERIFIED : LibDeepidv::DECISION_REJECTED
    ask { |made| LibDeepidv.session_update_status(@client, id, id.bytesize, decision, made) }
  end

  def many(prefix, count, json)
    request = new_request(json)
    1.upto(count) do |tag|
      id = "#{prefix}-#{tag}"
      check(LibDeepidv.session_request_set_external_id(request, id, id.bytesize))
      check(LibDeepidv.session_create_submit(@client, request, tag, nil))
    end
    if prefix == "collect"
      1000.times { new_request(json) }
      GC.collect
    end
    take(count)
  end

  # Waits in the event loop, over a copy of the descriptor, because Crystal closes what it watches.
  def take(count)
    watched = IO::FileDescriptor.new(LibC.dup(LibDeepidv.client_fd(@client)), blocking: true)
    event = uninitialized LibDeepidv::Event
    taken = tags = sessions = 0
    while taken < count
      watched.wait_readable
      loop do
        result = Result.new { |made| LibDeepidv.client_next(@client, pointerof(event), made) }
        taken += 1
        tags += event.tag
        sessions += 1 unless LibDeepidv.result_session_id(result, nil).null?
      rescue Refused
        break
      end
    end
    watched.close
    "#{taken} completions, tags #{tags}, #{sessions} sessions"
  end

  def cancel(id)
    check(LibDeepidv.session_retrieve_submit(@client, id, id.bytesize, 1, out op))
    waited = LibDeepidv.client_take(@client, op, 50, out event, out none)
    LibDeepidv.client_cancel(@client, op)
    Result.new { |made| LibDeepidv.client_take(@client, op, -1, pointerof(event), made) }
    "#{name(waited)}\t#{name(event.status)}"
  end

  def order(json)
    client, request = new_client, new_request(json)
    result = Result.new { |made| LibDeepidv.session_create(client, request, made) }
    client.release
    request.release
    describe(result)
  end

  def fork(json)
    request = new_request(json)
    child = LibC.fork
    LibC._exit(LibDeepidv.session_create(@client, request, out result)) if child == 0
    LibC.waitpid(child, out ended, 0)
    name(ended >> 8)
  end

  def run(field)
    text = field[1]? || ""
    case field[0]
    when "version"   then "#{LibDeepidv.abi_version >> 16}.#{LibDeepidv.abi_version & 0xFFFF}"
    when "redirect"  then redirect(text)
    when "matches"   then matches(text, field[2])
    when "webhook"   then webhook(text, field[2], field[3])
    when "option"    then option(text, field[2])
    when "check"     then check_request(text)
    when "create"    then create(text)
    when "find"      then find(text)
    when "retrieve"  then ask { |made| LibDeepidv.session_retrieve(@client, text, text.bytesize, made) }
    when "list"      then list(text, field[2].to_i)
    when "update"    then update(text, field[2])
    when "reconcile" then ask { |made| LibDeepidv.session_reconcile(@client, text, text.bytesize, made) }
    when "confirm"
      id = field[2]
      ask { |made| LibDeepidv.redirect_confirm(@client, text, text.bytesize, id, id.bytesize, made) }
    when "many", "collect" then many(field[0], text.to_i, field[2])
    when "cancel"          then cancel(text)
    when "nul"             then name(LibDeepidv.session_request_set_first_name(new_request(text), "a\0b", 3))
    when "order"           then order(text)
    when "fork"            then fork(text)
    end
  end
end

driver = Driver.new(new_client)
STDOUT.sync = true
STDIN.each_line do |line|
  puts driver.run(line.split('\t'))
rescue refused : Refused
  puts refused.message
end
