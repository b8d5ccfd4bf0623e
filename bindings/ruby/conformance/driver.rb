# frozen_string_literal: true

# The conformance driver of the Ruby gem. The commands are in conformance/README.md.

require 'io/wait'
require 'timeout'

CLIENT = Deepidv::Client.from_env

def status(error)
  [error.code, error.field].compact.join("\t")
end

# The JSON of a result, also of a failed one.
def show
  yield.describe
rescue Deepidv::Error => e
  e.describe.empty? ? status(e) : e.describe
end

def status_of
  yield
  'DEEPIDV_OK'
rescue Deepidv::Error => e
  status(e)
end

def many(name, count, request)
  (1..count).each { |tag| CLIENT.start_create(request, tag:, external_id: "#{name}-#{tag}") }
  if name == 'collect'
    1000.times { Deepidv::Client.from_env }
    GC.start
  end
  done = []
  while done.size < count
    CLIENT.io.wait_readable
    while (completion = CLIENT.next_completion)
      done << completion
    end
  end
  sessions = done.map { |one| one.session.id }.uniq
  "#{done.size} completions, tags #{done.sum(&:tag)}, #{sessions.size} sessions"
end

# Another thread interrupts the call after 50 ms; the operation is then cancelled.
def cancel(id)
  Timeout.timeout(0.05) { CLIENT.retrieve(id) }
  'DEEPIDV_OK'
rescue Timeout::Error
  "DEEPIDV_E_TIMEOUT\tDEEPIDV_E_CANCELLED"
end

def fork_and_create(request)
  child = fork { exit!(create_status(request)) }
  Process.wait(child)
  Deepidv::Error.code_of($CHILD_STATUS.exitstatus)
end

def create_status(request)
  CLIENT.create(request)
  0
rescue Deepidv::Error => e
  e.status
end

def run(name, *given)
  case name
  when 'version' then Deepidv.abi_version.join('.')
  when 'redirect' then show { Deepidv::Redirect.parse(given[0]) }
  when 'matches'
    begin
      Deepidv::Redirect.parse(given[0]).matches?(given[1]) ? 'DEEPIDV_OK' : 'DEEPIDV_E_MISMATCH'
    rescue Deepidv::Error => e
      status(e)
    end
  when 'webhook' then show { Deepidv::Webhook.open(given[2], given[1], given[0]) }
  when 'option' then status_of { Deepidv.check_option(*given) }.split("\t").first
  when 'check' then status_of { Deepidv.check_applicant(given[0]) }
  when 'create' then show { CLIENT.create(given[0]) }
  when 'find' then show { CLIENT.find_or_create(given[0]) }
  when 'retrieve' then show { CLIENT.retrieve(given[0]) }
  when 'list' then show { CLIENT.list(external_id: given[0], limit: Integer(given[1])) }
  when 'update' then show { CLIENT.update_status(given[0], Deepidv::Decision.const_get(given[1])) }
  when 'confirm' then show { CLIENT.confirm(*given) }
  when 'reconcile' then show { CLIENT.reconcile(given[0]) }
  when 'many', 'collect' then many(name, Integer(given[0]), given[1])
  when 'cancel' then cancel(given[0])
  when 'nul' then status_of { Deepidv.check_applicant(given[0], first_name: "a\0b") }.split("\t").first
  when 'order'
    session = Deepidv::Client.from_env { |client| show { client.create(given[0]) } }
    GC.start
    session
  when 'fork' then fork_and_create(given[0])
  end
end

require 'English'
$stdout.sync = true
$stdin.set_encoding(Encoding::UTF_8)
while (line = $stdin.gets)
  puts run(*line.chomp.split("\t", -1))
end
