/* The same in C++: handles that free themselves, as C++ programs hold them. */

#include <deepidv.h>

#include <iostream>
#include <memory>

using result = std::unique_ptr<deepidv_result, decltype(&deepidv_result_free)>;
using config = std::unique_ptr<deepidv_config, decltype(&deepidv_config_free)>;

int main()
{
  deepidv_config *made = nullptr;

  if (deepidv_config_new(&made) != DEEPIDV_OK)
    return 1;
  config settings(made, &deepidv_config_free);
  result none(nullptr, &deepidv_result_free);
  std::cout << deepidv_status_text(deepidv_config_set_timeout_ms(settings.get(), 1000)) << "\n";
  return 0;
}
