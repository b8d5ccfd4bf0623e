// The C++ header compiles without a warning, also if it is included twice, and with macros of other headers: check is one
// of AssertMacros.h.
#define check(assertion) assertion
#define T unexpected
#include "deepidv.hpp"
#include "deepidv.hpp"

// Every template is used.
deepidv::answer<std::int64_t> number(const deepidv::result &result);
deepidv::optional<std::string> text(const deepidv::result &result);
deepidv::config options();
deepidv::answer<std::int64_t> number(const deepidv::result &result) { return result.get_int("a.0"); }
deepidv::optional<std::string> text(const deepidv::result &result) { return result.message(); }
deepidv::config options() { return deepidv::config{ { "api_key", "dk_1" }, { "timeout_ms", "1000" } }; }
