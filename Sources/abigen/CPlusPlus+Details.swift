// The parts of deepidv.hpp that own objects and turn statuses into exceptions.
extension CPlusPlus {
  static let handle = lines(
    """
    namespace detail {

    /* Owns an object of C. */
    template <class Object, void (*Free)(Object *)>
    class handle {
     public:
      handle(handle &&other) noexcept : pointer_(other.release()) {}
      handle &operator=(handle &&other) noexcept
      {
        handle moved(std::move(other));
        std::swap(pointer_, moved.pointer_);
        return *this;
      }
      ~handle() { Free(pointer_); }

      /** Returns the object for a function of deepidv.h. It stays owned. */
      Object *get() const noexcept { return pointer_; }

      /** Gives the object away: you must free it. */
      Object *release() noexcept
      {
        Object *pointer = pointer_;
        pointer_ = nullptr;
        return pointer;
      }

     protected:
      handle() = default;
      explicit handle(Object *pointer) noexcept : pointer_(pointer) {}

      Object *pointer_ = nullptr;
    };
    """)

  static let helpers = lines(
    """
    inline void require_ok(deepidv_status code, const char *field = nullptr)
    {
      if (code != DEEPIDV_OK)
        raise(code, field);
    }

    inline bool contains(std::initializer_list<deepidv_status> codes, deepidv_status code)
    {
      for (deepidv_status one : codes)
        if (one == code)
          return true;
      return false;
    }

    template <class Value>
    answer<Value> answered(
        deepidv_status code, Value value, std::initializer_list<deepidv_status> answers)
    {
      if (!contains(answers, code))
        require_ok(code);
      return answer<Value>{static_cast<status>(code), std::move(value)};
    }

    inline const char *or_null(const std::string &text) { return text.empty() ? nullptr : text.data(); }

    inline optional<std::string> text(const char *text, std::size_t length)
    {
      return text ? optional<std::string>(std::string(text, length)) : optional<std::string>();
    }

    /* Calls a function that writes into a buffer, again with a larger one if it was too small. */
    template <class Call>
    deepidv_status fill(std::string &text, Call call)
    {
      std::size_t length = 255;
      deepidv_status code;
      do {
        text.resize(length + 1);
        code = call(&text[0], text.size(), &length);
      } while (code == DEEPIDV_E_BUFFER);
      text.resize(code == DEEPIDV_OK ? length : 0);
      return code;
    }

    }  // namespace detail
    """)

  static let configByName = lines(
    """
      /** Creates a config with options by name: config({{"api_key", key}, {"timeout_ms", "10000"}}). */
      config(std::initializer_list<std::pair<std::string, std::string>> options) : config()
      {
        for (const auto &option : options)
          set(option.first, option.second);
      }
    """)

  static let resultMembers = lines(
    """
      /** With room for an exception, so that the failure can be thrown if memory runs out. */
      result(deepidv_result *owned, std::shared_ptr<result> room) noexcept
          : handle(owned), room_(std::move(room))
      {
      }

      /** Throws the exception of this result, which takes it over, unless its status is status::ok. */
      void throw_if_failed()
      {
        const deepidv_status code = deepidv_result_status(get());
        if (code == DEEPIDV_OK)
          return;
        if (!room_) {
          try {
            room_ = std::make_shared<result>(nullptr);
          } catch (const std::bad_alloc &) {
            /* The kind of failure matters more. This object keeps the details. */
            detail::raise(code);
          }
        }
        const std::shared_ptr<result> details = std::move(room_);
        details->pointer_ = release();
        detail::raise(code, deepidv_result_field(details->get(), nullptr), details);
      }
    """)

  /// The end of the class result.
  static let resultRoom = lines(
    """
     private:
      std::shared_ptr<result> room_;
    """)

  static let finished = lines(
    """
    inline optional<std::string> outcome_error::reconcile_token() const
    {
      return details() ? details()->reconcile_token() : optional<std::string>();
    }

    namespace detail {

    /* Allocates what the exception of a call may need. Afterwards, memory may be out, and the outcome lost. */
    inline std::shared_ptr<result> room() { return std::make_shared<result>(nullptr); }

    /* Returns a result, or throws its exception. */
    inline result finished(deepidv_status code, deepidv_result *owned, std::shared_ptr<result> room,
        std::initializer_list<deepidv_status> answers = {})
    {
      result finished(owned, std::move(room));
      if (!owned)
        raise(code);
      if (!contains(answers, code))
        finished.throw_if_failed();
      return finished;
    }

    }  // namespace detail
    """)

  static let completion = lines(
    """
    /** A submitted operation that has completed, if there is one. It is no exception if it has failed. */
    class completion {
     public:
      completion(deepidv_status code, const deepidv_event &completed, deepidv_result *owned,
          std::shared_ptr<deepidv::result> room, std::initializer_list<deepidv_status> answers)
          : code_(static_cast<deepidv::status>(code)),
            event_(completed),
            result_(owned, std::move(room))
      {
        if (!detail::contains(answers, code))
          detail::require_ok(code);
      }

      explicit operator bool() const noexcept { return code_ == deepidv::status::ok; }
      /** Returns why there is none; status::ok if there is one. */
      deepidv::status code() const noexcept { return code_; }
      std::uint64_t op() const noexcept { return event_.op; }
      std::uint64_t tag() const noexcept { return event_.tag; }
      event_kind kind() const noexcept { return static_cast<event_kind>(event_.kind); }
      /** Returns how the operation ended. */
      deepidv::status status() const noexcept { return static_cast<deepidv::status>(event_.status); }
      /** Returns the result; its throw_if_failed() throws if the operation has failed. */
      deepidv::result &result() noexcept { return result_; }

     private:
      deepidv::status code_;
      deepidv_event event_;
      deepidv::result result_;
    };
    """)
}
