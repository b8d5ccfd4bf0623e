# frozen_string_literal: true

module Deepidv
  # The operation of a blocking call. The handler of a signal can raise in any line, also where interrupts are
  # deferred. So what the library writes stays in the memory of this object, not only in variables of a method:
  # whoever catches the interruption finds the number of the operation and its result here.
  class Operation
    NO_OPERATION = 65
    TIMEOUT = 64
    private_constant :NO_OPERATION, :TIMEOUT

    def initialize
      @number = FFI::MemoryPointer.new(:uint64)
      @event = FFI::MemoryPointer.new(:uint64, 8)
      @result = FFI::MemoryPointer.new(:pointer)
      # Not the same, because deepidv_client_take sets its output to NULL if it fails.
      @handed_over = FFI::MemoryPointer.new(:pointer)
    end

    # Submits what the block says, and waits for it. Between short waits, Ruby may raise. Then the operation is
    # cancelled, and its result says whether a session may exist.
    def run(client, tag, lock)
      @client = client
      @tag = tag
      @lock = lock
      yield self
      until ended?
        take(100)
        Thread.handle_interrupt(Object => :immediate) { Thread.pass } unless ended?
      end
    ensure
      settle
    end

    def submit(function, *arguments)
      status = Native.public_send(function, @client, *arguments, @tag, @number)
      raise Error.from(status) unless status.zero?
    end

    def create(request)
      @creates = true
      if Native.deepidv_session_request_validate(request, nil).zero?
        submit(:deepidv_session_create_submit, request)
      else
        # The result of a request that is not valid: nothing is sent.
        status = Native.deepidv_session_create(@client, request, @result)
        raise Error.from(status) if @result.read_pointer.null?
      end
    end

    # Takes a result that another thread took from the queue.
    def hand_over(result)
      @handed_over.write_pointer(result)
    end

    # Returns what the reader makes of the result, or the exception that the call raises.
    def answer(reader)
      @read ||= lost || read
      @read.public_send(reader)
    rescue Error => e
      e
    end

    # Returns the exception that replaces an interruption, or nil if nothing must be known.
    def instead_of_interruption
      @read ||= lost || (read if result)
      return if @read.nil?
      return CreatedThoughInterrupted.new(@read.session) if @creates && @read.created?

      answer(:session) if @read.unknown?
    rescue Error
      # The operation failed without executing anything.
      nil
    end

    # Frees the result. If a signal comes between the lines, it is not freed, which is better than twice.
    def free
      pointer = result
      [@result, @handed_over].each { |memory| memory.write_pointer(nil) }
      Native.deepidv_result_free(pointer)
    end

    private

    def result
      [@result, @handed_over].map(&:read_pointer).find { |pointer| !pointer.null? }
    end

    def ended?
      !result.nil? || !@failed.nil?
    end

    def take(timeout)
      status = Native.deepidv_client_take(@client, @number.read_uint64, timeout, @event, @result)
      return if status.zero? || status == TIMEOUT

      # Client#next_completion took it, and hands it over before it releases the lock.
      @lock.synchronize { nil } if status == NO_OPERATION
      @failed = status unless ended?
    end

    # Never abandons an operation, however often it is interrupted: its outcome would be lost.
    def settle
      until ended? || @number.read_uint64.zero?
        begin
          Native.deepidv_client_cancel(@client, @number.read_uint64)
          take(-1)
        rescue Exception # rubocop:disable Lint/RescueException
          # The first interruption is being raised.
        end
      end
    end

    def read
      Result.new(result)
    end

    # A result that cannot be had, as in a child of fork.
    def lost
      return if @failed.nil? || result
      raise Error.from(@failed) unless @creates

      Result.unknown(@failed)
    end
  end
  private_constant :Operation
end
