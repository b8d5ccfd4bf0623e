# frozen_string_literal: true

require 'json'
require 'minitest/autorun'
require 'net/http'
require 'deepidv'

# An emulator for all tests. DEEPIDV_EMULATOR is its path.
module Emulator
  def self.url
    @url ||= begin
      command = [ENV.fetch('DEEPIDV_EMULATOR'), '--port', '0', '--rate', '0', '--exit-with-parent']
      @process = IO.popen(command, 'r+')
      Minitest.after_run { @process.close }
      @process.gets.split.last
    end
  end

  def self.fault(**body)
    Net::HTTP.post(URI("#{url}/emulator/faults"), body.to_json, 'Content-Type' => 'application/json').value
  end

  def self.no_faults
    uri = URI("#{url}/emulator/faults")
    Net::HTTP.start(uri.host, uri.port) { |http| http.delete(uri.path) }
  end
end

class EmulatorTest < Minitest::Test
  def teardown
    Emulator.no_faults
  end

  def client(**options, &)
    Deepidv::Client.open(api_key: 'dk_emulator', base_url: Emulator.url, rate_limit: 0, **options, &)
  end

  # Another applicant each time, because a repeated create is guarded.
  def ada(**fields)
    { first_name: 'Ада', last_name: unique('Lovelace'), email: 'ada@example.com', phone: '+15192223333', **fields }
  end

  def unique(name)
    "#{name}-#{Process.clock_gettime(Process::CLOCK_REALTIME, :nanosecond)}"
  end

  def unknown_outcome
    Emulator.fault(kind: 'close', method: 'POST')
    Emulator.fault(kind: 'status', status: 500, method: 'GET', count: 999)
  end
end
