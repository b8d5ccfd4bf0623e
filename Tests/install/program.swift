// Links the static archive into a program in ordinary Swift, which has its own Swift runtime.
import CDeepIDV

final class Node {
  let next: Node?
  init(_ next: Node?) { self.next = next }
}

func length() -> Int {
  var list: Node?
  for _ in 0..<1000 { list = Node(list) }
  var count = 0
  while let node = list {
    count += 1
    list = node.next
  }
  return count
}

let nul = Int(bitPattern: UInt.max)
let body =
  #"{"firstName": "Ada", "lastName": "Lovelace", "email": "ada@example.com", "phone": "+15192223333"}"#
var config, client, request, result: OpaquePointer?

deepidv_config_new(&config)
deepidv_config_from_env(config, nil)
deepidv_client_new(config, &client)
deepidv_session_request_new(&request)
deepidv_session_request_set_json(request, body, nul, nil, nil)
let before = length()
let status = deepidv_session_create(client, request, &result)
if status == DEEPIDV_OK, before + length() == 2000,
  let url = deepidv_result_session_url(result, nil)
{
  print(String(cString: url))
}
deepidv_result_free(result)
deepidv_session_request_free(request)
deepidv_client_free(client)
deepidv_config_free(config)
