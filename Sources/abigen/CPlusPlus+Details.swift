// The parts of deepidv.hpp that own objects and turn statuses into exceptions.
extension CPlusPlus {
  static let handle = lines(
    """
    namespace detail {

    /* Owns an object of C. */
    template <class T, void (*Free)(T *)>
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
      T *get() const noexcept { return pointer_; }

      /** Gives the object away: you must free it. */
      T *release() noexcept
      {
        T *pointer = pointer_;
        pointer_ = nullptr;
        return pointer;
      }

     protected:
      handle() = default;
      explicit handle(T *pointer) noexcept : pointer_(pointer) {}

      T *pointer_ = nullptr;
    };
    """)

  static let helpers = lines(
    """
    inline void check(deepidv_status code, const char *field = nullptr)
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

    template <class T>
    answer<T> answered(deepidv_status code, T value, std::initializer_list<deepidv_status> answers)
    {
      if (!contains(answers, code))
        check(code);
      return answer<T>{static_cast<status>(code), std::move(value)};
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
      /** Throws the exception of this result, which takes it over, unless its status is status::ok. */
      void check()
      {
        const deepidv_status code = deepidv_result_status(get());
        if (code == DEEPIDV_OK)
          return;
        const auto details = std::make_shared<const result>(std::move(*this));
        detail::raise(code, deepidv_result_field(details->get(), nullptr), details);
      }
    """)

  static let finished = lines(
    """
    inline optional<std::string> outcome_error::reconcile_token() const
    {
      return details() ? details()->reconcile_token() : optional<std::string>();
    }

    namespace detail {

    /* Returns a result, or throws its exception. */
    inline result finished(
        deepidv_status code, deepidv_result *owned, std::initializer_list<deepidv_status> answers = {})
    {
      result finished(owned);
      if (!owned)
        raise(code);
      if (!contains(answers, code))
        finished.check();
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
          std::initializer_list<deepidv_status> answers)
          : code_(static_cast<deepidv::status>(code)), event_(completed), result_(owned)
      {
        if (!detail::contains(answers, code))
          detail::check(code);
      }

      explicit operator bool() const noexcept { return code_ == deepidv::status::ok; }
      /** Returns why there is none; status::ok if there is one. */
      deepidv::status code() const noexcept { return code_; }
      std::uint64_t op() const noexcept { return event_.op; }
      std::uint64_t tag() const noexcept { return event_.tag; }
      event_kind kind() const noexcept { return static_cast<event_kind>(event_.kind); }
      /** Returns how the operation ended. */
      deepidv::status status() const noexcept { return static_cast<deepidv::status>(event_.status); }
      /** Returns the result; its check() throws if the operation has failed. */
      deepidv::result &result() noexcept { return result_; }

     private:
      deepidv::status code_;
      deepidv_event event_;
      deepidv::result result_;
    };
    """)
}
