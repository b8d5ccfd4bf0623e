# frozen_string_literal: true

require_relative 'config'
require_relative 'operation'

module Deepidv
  # Sends requests to the service. One client serves a whole process, from any number of threads. Other threads
  # run while one waits. An applicant is given as keywords, or as a JSON object, whose members may be in
  # snake_case or camelCase.
  class Client
    # Frees the client when it is collected.
    class Handle < FFI::AutoPointer
      def self.release(pointer)
        Native.deepidv_client_free(pointer)
      end
    end
    private_constant :Handle

    # A completion of Client#start_create: the number that the operation was started with.
    Completion = Struct.new(:tag, :result) do
      def session
        result.session
      end
    end

    # Creates a client, passes it to the block, and closes it.
    def self.open(...)
      client = new(...)
      return client unless block_given?

      begin
        yield client
      ensure
        client.close
      end
    end

    # Creates a client with the options in the environment, such as DEEPIDV_API_KEY and DEEPIDV_BASE_URL.
    def self.from_env(**options, &)
      Client.open(environment: true, **options, &)
    end

    def initialize(environment: false, **options)
      pointer = FFI::MemoryPointer.new(:pointer)
      Config.with(options, environment:) do |config|
        status = Native.deepidv_client_new(config, pointer)
        raise Error.from(status) unless status.zero?
      end
      @handle = Handle.new(pointer.read_pointer)
      @lock = Mutex.new
      @users = 0
      @closed = false
      @tag = 0
      # By the tag in the library: the Operation of a blocking call, or the tag of one that was started.
      @pending = {}
      @event = FFI::MemoryPointer.new(:uint64, 8)
      @result = FFI::MemoryPointer.new(:pointer)
      @completions = []
    end

    # Creates a session, which costs tokens and invites the applicant.
    def create(json = nil, **fields)
      run { |operation| Request.with(json, fields) { |request| operation.create(request) } }
    end

    # Searches for the session with the external id of the applicant, and creates it if there is none. For
    # callers that may run twice, such as the jobs of a queue.
    def find_or_create(json = nil, **fields)
      run { |operation| Request.with(json, fields, search: true) { |request| operation.create(request) } }
    end

    # Retrieves the record of a session. Only the record confirms an outcome.
    def retrieve(session_id)
      run { |operation| operation.submit(:deepidv_session_retrieve_submit, *Text.given(session_id)) }
    end

    # Retrieves a page of sessions: those with this external id, or all.
    def list(external_id: nil, limit: 0, next_token: nil)
      number = Integer(limit).clamp(0, 0xffff_ffff)
      arguments = [*Text.given(external_id), number, *Text.given(next_token)]
      run(:page) { |operation| operation.submit(:deepidv_session_list_submit, *arguments) }
    end

    # Verifies or rejects a session: decision is one of Deepidv::Decision.
    def update_status(session_id, decision)
      arguments = [*Text.given(session_id), decision]
      run { |operation| operation.submit(:deepidv_session_update_status_submit, *arguments) }
    end

    # Compares a redirect with the session that you expect, and retrieves that session. Accept the applicant only
    # if it is verified?. A forged redirect is a verdict, not an exception.
    def confirm(redirect, session_id)
      arguments = [*Text.given(redirect), *Text.given(session_id)]
      run { |operation| operation.submit(:deepidv_redirect_confirm_submit, *arguments) }
    end

    # Searches for the session of a create whose outcome is unknown.
    def reconcile(token)
      run { |operation| operation.submit(:deepidv_session_reconcile_submit, *Text.given(token)) }
    end

    # Waits until a session is decided, or cannot be any more. timeout is in seconds.
    def wait(session_id, timeout: 300)
      limit = (timeout * 1000).ceil.clamp(0, 0xffff_ffff)
      run { |operation| operation.submit(:deepidv_session_wait_submit, *Text.given(session_id), limit) }
    end

    # Starts a create, for event loops: watch io for reading, then call next_completion until it returns nil.
    # Returns the number of the operation, for cancel.
    def start_create(json = nil, tag: 0, **fields)
      Request.with(json, fields) do |request|
        Request.validate(request)
        use { submit_create(request, Integer(tag)) }
      end
    end

    # Takes the completion of an operation that was started, or returns nil if there is none now. Also after close:
    # raises DEEPIDV_E_CLOSED when none is left. If it is interrupted, the next call returns what it took.
    def next_completion
      Thread.handle_interrupt(Object => :never) { @lock.synchronize { take_completion } if @completions.empty? }
      @completions.shift
    end

    # An IO that is readable if and only if next_completion returns one. Do not read or close it.
    def io
      @lock.synchronize do
        raise Error.from(CLOSED) if @handle.nil?

        @io ||= IO.for_fd(Native.deepidv_client_fd(@handle), autoclose: false)
      end
    end

    # Cancels an operation that was started. It still completes.
    def cancel(operation)
      use { Native.deepidv_client_cancel(@handle, operation) }
    end

    # Cancels all calls in flight on other threads, and operations that were started: next_completion still returns
    # these. Other calls raise.
    def close
      @lock.synchronize do
        return if @closed

        @closed = true
        Native.deepidv_client_close(@handle)
        free_if_unused
      end
    end

    private

    CLOSED = 61
    EMPTY = 63
    private_constant :CLOSED, :EMPTY

    # No call may be inside the library when the client is freed.
    def use
      @lock.synchronize do
        raise Error.from(CLOSED) if @closed

        @users += 1
      end
      begin
        yield
      ensure
        @lock.synchronize do
          @users -= 1
          free_if_unused
        end
      end
    end

    # Completions can be taken after close.
    def free_if_unused
      return unless @closed && @users.zero? && @pending.empty? && @handle

      @handle.free
      @handle = nil
    end

    # Returns a tag for the library. The completion may be taken before the operation was submitted.
    def enter(entry)
      @lock.synchronize { (@tag += 1).tap { |tag| @pending[tag] = entry } }
    end

    def leave(tag)
      @lock.synchronize { @pending.delete(tag) }
    end

    def submit_create(request, tag)
      operation = FFI::MemoryPointer.new(:uint64)
      internal = enter(tag)
      begin
        status = Native.deepidv_session_create_submit(@handle, request, internal, operation)
      ensure
        leave(internal) if operation.read_uint64.zero?
      end
      raise Error.from(status) unless status.zero?

      operation.read_uint64
    end

    # The memory that the library writes belongs to the client, so that nothing is lost if a signal comes between
    # two lines: the next call continues with it.
    def take_completion
      while @completions.empty?
        take_next if @result.read_pointer.null?
        return if @result.read_pointer.null?

        entry = @pending[@event.get_uint64(8)]
        # A blocking call waits for this one.
        next pass_on(entry) if entry.is_a?(Operation)

        @completions << Completion.new(entry, Result.new(@result.read_pointer))
        forget_completion
      end
    end

    def take_next
      raise Error.from(CLOSED) if @handle.nil?

      status = Native.deepidv_client_next(@handle, @event, @result)
      raise Error.from(status) unless status.zero? || status == EMPTY
    end

    def pass_on(operation)
      operation.hand_over(@result.read_pointer)
      @result.write_pointer(nil)
    end

    def forget_completion
      pointer = @result.read_pointer
      @result.write_pointer(nil)
      Native.deepidv_result_free(pointer)
      @pending.delete(@event.get_uint64(8))
      free_if_unused
    end

    # Runs the operation that the block submits. Ctrl-C, Timeout, Thread#raise and Thread#kill cancel it. If a
    # session was created, or may have been, an exception that says so replaces the interruption.
    # An interruption may also arrive when the result is there, and is raised at the end of handle_interrupt. So an
    # ensure clause handles it, and the methods that call this one do nothing afterwards.
    def run(reader = :session, &)
      operation = Operation.new
      returned = false
      begin
        answer = Thread.handle_interrupt(Object => :never) do
          use { wait_for(operation, &) }
          operation.answer(reader).tap { operation.free }
        end
        returned = true
      ensure
        report(operation) unless returned
      end
      raise answer if answer.is_a?(Exception)

      answer
    end

    def wait_for(operation, &)
      tag = enter(operation)
      operation.run(@handle, tag, @lock, &)
    ensure
      leave(tag)
    end

    def report(operation)
      tries = 0
      begin
        failure = operation.instead_of_interruption
      rescue Exception # rubocop:disable Lint/RescueException
        # Another interruption: the first one is being raised.
        retry if (tries += 1) < 10
      end
      operation.free
      raise failure if failure
    end
  end
end
