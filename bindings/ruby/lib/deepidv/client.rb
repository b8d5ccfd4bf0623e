# frozen_string_literal: true

require_relative 'config'

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
    end

    # Creates a session, which costs tokens and invites the applicant.
    def create(json = nil, **fields)
      Request.with(json, fields) { |request| run_create(request) }.session
    end

    # Searches for the session with the external id of the applicant, and creates it if there is none. For
    # callers that may run twice, such as the jobs of a queue.
    def find_or_create(json = nil, **fields)
      Request.with(json, fields, search: true) { |request| run_create(request) }.session
    end

    # Retrieves the record of a session. Only the record confirms an outcome.
    def retrieve(session_id)
      run(:deepidv_session_retrieve_submit, *Text.given(session_id)).session
    end

    # Retrieves a page of sessions: those with this external id, or all.
    def list(external_id: nil, limit: 0, next_token: nil)
      number = limit.clamp(0, 0xffff_ffff)
      run(:deepidv_session_list_submit, *Text.given(external_id), number, *Text.given(next_token)).page
    end

    # Verifies or rejects a session: decision is one of Deepidv::Decision.
    def update_status(session_id, decision)
      run(:deepidv_session_update_status_submit, *Text.given(session_id), decision).session
    end

    # Compares a redirect with the session that you expect, and retrieves that session. Accept the applicant only
    # if it is verified?. A forged redirect is a verdict, not an exception.
    def confirm(redirect, session_id)
      run(:deepidv_redirect_confirm_submit, *Text.given(redirect), *Text.given(session_id)).session
    end

    # Searches for the session of a create whose outcome is unknown.
    def reconcile(token)
      run(:deepidv_session_reconcile_submit, *Text.given(token)).session
    end

    # Waits until a session is decided, or cannot be any more. timeout is in seconds.
    def wait(session_id, timeout: 300)
      limit = (timeout * 1000).ceil.clamp(0, 0xffff_ffff)
      run(:deepidv_session_wait_submit, *Text.given(session_id), limit).session
    end

    # Starts a create, for event loops: watch io for reading, then call next_completion until it returns nil.
    # Returns the number of the operation, for cancel.
    def start_create(json = nil, tag: 0, **fields)
      Request.with(json, fields) do |request|
        Request.validate(request)
        use { submit(:deepidv_session_create_submit, [request], tag) }
      end
    end

    # Takes the completion of an operation that was started, or returns nil.
    def next_completion
      use do
        event = FFI::MemoryPointer.new(:uint64, 8)
        result = FFI::MemoryPointer.new(:pointer)
        next nil unless Native.deepidv_client_next(@handle, event, result).zero?

        Completion.new(event.get_uint64(8), Result.new(result.read_pointer))
      end
    end

    # An IO that is readable if and only if next_completion returns one. Do not read or close it.
    def io
      use { @io ||= IO.for_fd(Native.deepidv_client_fd(@handle), autoclose: false) }
    end

    # Cancels an operation that was started. It still completes.
    def cancel(operation)
      use { Native.deepidv_client_cancel(@handle, operation) }
    end

    # Cancels all calls in flight on other threads. Later calls raise.
    def close
      @lock.synchronize do
        return if @closed

        @closed = true
        Native.deepidv_client_close(@handle)
        @handle.free if @users.zero?
      end
    end

    private

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
          @handle.free if @closed && @users.zero?
        end
      end
    end

    CLOSED = 61
    private_constant :CLOSED

    def submit(function, arguments, tag)
      operation = FFI::MemoryPointer.new(:uint64)
      status = Native.public_send(function, @handle, *arguments, tag, operation)
      raise Error.from(status) unless status.zero?

      operation.read_uint64
    end

    def run_create(request)
      valid = Native.deepidv_session_request_validate(request, nil).zero?
      return run(:deepidv_session_create_submit, request) if valid

      # The result of a request that is not valid: nothing is sent.
      use do
        result = FFI::MemoryPointer.new(:pointer)
        status = Native.deepidv_session_create(@handle, request, result)
        raise Error.from(status) if result.read_pointer.null?

        Result.new(result.read_pointer)
      end
    end

    # Submits an operation and waits for it. Between short waits, Ruby may raise: Ctrl-C, Timeout, Thread#raise
    # or Thread#kill. Then the operation is cancelled, and its result says whether a session may exist.
    def run(function, *arguments)
      Thread.handle_interrupt(Object => :never) do
        use do
          operation = submit(function, arguments, 0)
          result = nil
          begin
            until result
              result = take(operation, 100)
              Thread.handle_interrupt(Object => :immediate) { Thread.pass } unless result
            end
          ensure
            cancelled(operation) unless result
          end
          result
        end
      end
    end

    def cancelled(operation)
      Native.deepidv_client_cancel(@handle, operation)
      result = take(operation, -1)
      return if result.nil?

      # These replace the exception that interrupted the call, which is their cause.
      result.session if result.unknown?
      raise CreatedThoughInterrupted, result.session if result.created?
    end

    def take(operation, timeout)
      event = FFI::MemoryPointer.new(:uint64, 8)
      result = FFI::MemoryPointer.new(:pointer)
      status = Native.deepidv_client_take(@handle, operation, timeout, event, result)
      Result.new(result.read_pointer) if status.zero?
    end
  end
end
