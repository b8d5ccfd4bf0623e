# frozen_string_literal: true

require_relative 'helper'
require 'io/wait'
require 'minitest/mock'
require 'retriable'
require 'set'
require 'timeout'

class TestClient < EmulatorTest
  def test_a_session_from_create_to_decision
    client do |c|
      external_id = unique('життя')
      applicant = ada(external_id:)
      created = c.create(**applicant)
      assert_includes created.url, created.id
      found = c.find_or_create(**applicant)
      assert found.found? && found.id == created.id && found.url.nil?
      record = c.retrieve(created.id)
      assert_equal [external_id, Deepidv::Verdict::PENDING], [record.external_id, record.verdict]
      assert_includes record.raw, external_id
      page = c.list(external_id:, limit: 10)
      assert_equal [[created.id], nil], [page.ids, page.next_token]
      assert c.update_status(created.id, Deepidv::Decision::VERIFIED).verified?
      assert c.wait(created.id).verified?
      assert c.confirm("/cb?session_id=#{created.id}&status=failed", created.id).verified?
      assert_equal Deepidv::Verdict::FORGED, c.confirm('/cb?session_id=x', created.id).verdict
    end
  end

  def test_json_in_place_of_keywords
    json = ada.transform_keys { |name| name.to_s.gsub(/_(.)/) { Regexp.last_match(1).upcase } }.to_json
    assert client.create(json, external_id: unique('json')).external_id.start_with?('json')
  end

  def test_a_wait_ends_with_the_last_record
    created = client.create(**ada)
    error = assert_raises(Deepidv::AnswerError) { client.wait(created.id, timeout: 1) }
    assert_equal ['DEEPIDV_E_TIMEOUT', created.id], [error.code, error.session.id]
    assert_kind_of Deepidv::Retryable, error
  end

  def test_fields_are_refused
    {
      { phone: '1' } => %w[DEEPIDV_E_PHONE phone],
      { first_name: "a\0b" } => %w[DEEPIDV_E_NUL first_name],
      { last_name: "\xff" } => %w[DEEPIDV_E_UTF8 last_name],
      { expires_in_hours: 2**70 } => %w[DEEPIDV_E_RANGE expires_in_hours],
      { email: nil } => %w[DEEPIDV_E_REQUIRED email]
    }.each do |fields, expected|
      error = assert_raises(Deepidv::ArgumentError) { client.create(**ada(**fields)) }
      assert_kind_of ::ArgumentError, error
      refute_kind_of Deepidv::Retryable, error
      assert_equal expected, [error.code, error.field]
    end
    assert_raises(::ArgumentError) { client.create(middle_name: 'x') }
    assert_equal 'external_id', assert_raises(Deepidv::ArgumentError) { client.find_or_create(**ada) }.field
    assert_equal 'DEEPIDV_E_FIELD', assert_raises(Deepidv::Error) { client.create('{"x": 1}') }.code
  end

  def test_other_encodings_are_converted
    external_id = unique('ä').encode(Encoding::ISO_8859_1)
    assert_equal external_id.encode(Encoding::UTF_8), client.create(**ada(external_id:)).external_id
  end

  def test_options_are_refused
    error = assert_raises(Deepidv::ArgumentError) { client(base_url: 'http://a.example') }
    assert_equal %w[DEEPIDV_E_SCHEME base_url], [error.code, error.field]
    assert_equal 'DEEPIDV_E_KEY', assert_raises(Deepidv::Error) { client(timeout: 1) }.code
    client(base_url: 'http://a.example', allow_http_hosts: %w[b.example a.example], repeat_guard: false)
  end

  def test_errors_of_the_service
    error = assert_raises(Deepidv::ServiceError) { client.retrieve('sess_none') }
    assert_equal ['DEEPIDV_E_NOT_FOUND', 404], [error.code, error.http_status]
    Emulator.fault(kind: 'status', status: 400, method: 'POST', body: { message: 'Ada is refused' }.to_json)
    error = assert_raises(Deepidv::ServiceError) { client.create(**ada) }
    assert_equal 'Ada is refused', error.api_message
    refute_includes error.inspect + error.full_message, 'is refused'
  end

  def test_an_unknown_outcome_is_reconciled_but_not_retried
    unknown_outcome
    tries = 0
    external_id = unique('unknown')
    error = assert_raises(Deepidv::OutcomeUnknown) do
      Retriable.retriable(on: Deepidv::Retryable, base_interval: 0) do
        tries += 1
        client(timeout_ms: 2000).create(**ada(external_id:))
      end
    end
    assert_equal 1, tries
    Emulator.no_faults
    session = client.reconcile(error.reconcile_token)
    assert session.reconciled? && session.external_id == external_id
  end

  def test_outcomes_without_a_description
    Deepidv::Native.stub(:deepidv_result_describe, FFI::Pointer::NULL) do
      created = client.create(**ada(external_id: unique('described')))
      assert_includes created.url, created.id
      assert_equal '', created.describe
      assert_includes client.list(external_id: created.external_id).ids, created.id
      error = assert_raises(Deepidv::ServiceError) { client.retrieve('sess_none') }
      assert_equal ['DEEPIDV_E_NOT_FOUND', 404], [error.code, error.http_status]
      error = assert_raises(Deepidv::AnswerError) { client.wait(created.id, timeout: 1) }
      assert error.is_a?(Deepidv::Retryable) && error.session.id == created.id
      unknown_outcome
      error = assert_raises(Deepidv::OutcomeUnknown) { client(timeout_ms: 2000).create(**ada) }
      Emulator.no_faults
      assert client.reconcile(error.reconcile_token).reconciled?
    end
  end

  def test_a_refusal_by_the_rate_limit_is_retried
    Emulator.fault(kind: 'status', status: 429, method: 'POST', count: 99)
    tries = 0
    c = client(timeout_ms: 1000)
    assert_raises(Deepidv::ServiceError) do
      Retriable.retriable(on: Deepidv::Retryable, tries: 2, base_interval: 0) { (tries += 1) && c.create(**ada) }
    end
    assert_equal 2, tries
  end

  def test_timeout_interrupts_and_the_outcome_is_reported
    Emulator.fault(kind: 'wait', milliseconds: 30_000, count: 2)
    error = assert_raises(Deepidv::OutcomeUnknown) { Timeout.timeout(1) { client.create(**ada) } }
    assert error.reconcile_token
    assert_raises(Timeout::Error) { Timeout.timeout(1) { client.retrieve('sess_1') } }
  end

  def test_a_session_that_is_created_when_the_call_is_interrupted
    c = client
    external_id = unique('created')
    Emulator.fault(kind: 'wait', milliseconds: 50, method: 'POST')
    error = assert_raises(Deepidv::OutcomeUnknown) { Timeout.timeout(0.02) { c.create(**ada(external_id:)) } }
    assert_equal external_id, error.external_id
    assert_created(error, c) || assert(error.reconcile_token)
  end

  # An interruption may be raised as soon as interrupts are permitted again, with the result already there.
  def test_an_interruption_between_the_result_and_the_caller
    c = client
    [Interrupt, Timeout::Error, nil].each do |interruption|
      seen = nil
      call = Thread.new do
        Thread.current.report_on_exception = false
        read = Deepidv.const_get(:Operation).instance_method(:answer)
        meet = Thread.current
        operation = Deepidv.const_get(:Operation).new
        operation.define_singleton_method(:answer) do |reader|
          read.bind_call(self, reader).tap { Thread.new { interruption ? meet.raise(interruption) : meet.kill }.join }
        end
        Deepidv.const_get(:Operation).stub(:new, operation) { c.create(**ada) }
      rescue Deepidv::OutcomeUnknown => e
        seen = e
      end
      call.join
      assert_kind_of Deepidv::CreatedThoughInterrupted, seen
      assert_created(seen, c)
      assert_kind_of interruption, seen.cause if interruption
    end
  end

  # A handler of a signal can raise anywhere, also where other interrupts are deferred.
  def test_a_signal_between_the_result_and_the_caller
    c = client
    previous = trap('USR1') { raise 'signal' }
    %i[take settle answer].each do |name|
      type = Deepidv.const_get(:Operation)
      operation = type.new
      original = type.instance_method(name)
      operation.define_singleton_method(name) do |*given|
        original.bind_call(self, *given).tap { Process.kill('USR1', Process.pid) }
      end
      error = assert_raises(Deepidv::CreatedThoughInterrupted) { type.stub(:new, operation) { c.create(**ada) } }
      assert_created(error, c)
    end
  ensure
    trap('USR1', previous)
  end

  def test_no_session_is_lost_whenever_a_call_is_interrupted
    c = client
    Emulator.fault(kind: 'wait', milliseconds: 5, method: 'POST', count: 1000)
    lost = []
    ends = Hash.new(0)
    200.times do |number|
      external_id = unique('random')
      known = false
      begin
        interrupt_at_random(number) { c.create(**ada(external_id:)) && known = true }
        ends[:session] += 1
      rescue Deepidv::OutcomeUnknown => e
        known = e.external_id == external_id
        ends[e.class] += 1
      rescue Interrupt, Timeout::Error, Deepidv::Error => e
        ends[e.class] += 1
      end
      lost << external_id unless known
    end
    Emulator.no_faults
    # What was sent, and not reported, may still be at work.
    sleep 0.5
    assert_equal([], lost.reject { |external_id| c.list(external_id:).ids.empty? }, ends)
    assert_operator ends[:session], :<, 200
  end

  def test_the_queue_does_not_take_the_results_of_calls
    c = client
    type = Deepidv.const_get(:Operation)
    operation = type.new
    take = type.instance_method(:take)
    operation.define_singleton_method(:take) do |timeout|
      c.io.wait_readable(10)
      raise 'taken' if Thread.new { c.next_completion }.value

      take.bind_call(self, timeout)
    end
    assert type.stub(:new, operation) { c.create(**ada) }.url
  end

  def test_completions_can_be_taken_after_close
    c = client
    Emulator.fault(kind: 'wait', milliseconds: 30_000)
    applicants = [ada, ada]
    c.start_create(tag: 1, **applicants[0])
    c.start_create(tag: 2, **applicants[1])
    io = c.io
    sleep 0.3
    c.close
    ends = {}
    while ends.size < 2
      assert io.wait_readable(10)
      while ends.size < 2 && (completion = c.next_completion)
        ends[completion.tag] = begin
          completion.session.id
        rescue Deepidv::OutcomeUnknown => e
          e.reconcile_token
        end
      end
    end
    assert_equal [1, 2], ends.keys.sort
    assert ends.values.all?
    assert_equal 'DEEPIDV_E_CLOSED', assert_raises(Deepidv::AnswerError) { c.next_completion }.code
  end

  def test_other_threads_run_during_a_call
    Emulator.fault(kind: 'wait', milliseconds: 500)
    turns = 0
    counter = Thread.new { loop { (turns += 1) && sleep(0.001) } }
    assert_raises(Deepidv::ServiceError) { client.retrieve('sess_none') }
    counter.kill.join
    assert_operator turns, :>, 5
  end

  def test_fifty_threads_share_a_client
    c = client
    ids = Array.new(50) { ada }.map { |applicant| Thread.new { c.create(**applicant).id } }.map(&:value)
    assert_equal 50, ids.uniq.size
  end

  def test_fifty_operations_at_once_through_one_descriptor
    c = client
    (1..50).each { |tag| c.start_create(tag:, **ada) }
    tags = {}
    while tags.size < 50
      assert c.io.wait_readable(20)
      GC.start
      while (completion = c.next_completion)
        tags[completion.tag] = completion.session.id
      end
    end
    assert_equal [(1..50).to_set, 50], [tags.keys.to_set, tags.values.uniq.size]
  end

  def test_close_ends_calls_in_flight
    Emulator.fault(kind: 'wait', milliseconds: 30_000)
    c = client
    call = Thread.new { assert_raises(Deepidv::ClientError) { c.retrieve('sess_1') } }
    sleep 0.5
    2.times { c.close }
    assert_equal 'DEEPIDV_E_CANCELLED', call.value.code
    assert_equal 'DEEPIDV_E_CLOSED', assert_raises(Deepidv::AnswerError) { c.retrieve('x') }.code
  end

  def test_clients_are_collected
    count = -> { Dir.children('/proc/self/fd').size }
    client.create(**ada)
    GC.start
    before = count.call
    200.times { client }
    GC.start
    assert_operator count.call, :<, before + 20
  end

  def test_a_child_of_fork_gets_an_error
    c = client
    c.create(**ada)
    reader, writer = IO.pipe
    child = fork do
      c.create(**ada)
    rescue Deepidv::ClientError => e
      writer.write(e.code)
    ensure
      writer.flush
      exit!(0)
    end
    Process.wait(child)
    writer.close
    assert_equal 'DEEPIDV_E_FORKED', reader.read
  end

  def test_the_program_ends_and_ctrl_c_interrupts
    Emulator.fault(kind: 'wait', milliseconds: 60_000)
    program = <<~RUBY
      Thread.new { sleep 0.3; Process.kill('INT', $$) }
      begin
        Deepidv::Client.from_env { |c| c.retrieve('sess_1') }
      rescue Interrupt
        puts 'interrupted'
      end
    RUBY
    environment = { 'DEEPIDV_API_KEY' => 'dk_emulator', 'DEEPIDV_BASE_URL' => Emulator.url }
    printed = Timeout.timeout(20) do
      IO.popen([environment, RbConfig.ruby, '-Ilib', '-rdeepidv', '-e', program], &:read)
    end
    assert_equal "interrupted\n", printed
  end

  private

  def assert_created(error, client)
    return false unless error.is_a?(Deepidv::CreatedThoughInterrupted)

    assert error.session.url
    assert_equal error.session.id, client.retrieve(error.session.id).id
  end

  # At most 40 ms after the start of the call, in one of three ways.
  def interrupt_at_random(number, &)
    delay = rand * 0.04
    return Timeout.timeout(delay, &) if (number % 3).zero?

    caller = Thread.current
    interrupter = Thread.new do
      sleep delay
      number % 3 == 1 ? caller.raise(Interrupt) : Process.kill('INT', Process.pid)
    end
    begin
      yield
    ensure
      # Not after this call.
      interrupter.join
    end
  end
end
