(* The conformance driver in OCaml with ctypes. *)

open Ctypes
open Printf

exception Refused of string

(* An object of the library: its pointer, and the function that frees it. *)
type owned = { mutable pointer : unit ptr; free : unit ptr -> unit }

let name ?field status =
  let line = Deepidv.status_name status in
  match field with Some field -> line ^ "\t" ^ field | None -> line

let check ?field status = if status <> Deepidv.ok then raise (Refused (name ?field status))

let release owned =
  owned.free owned.pointer;
  owned.pointer <- null

(* Calls a function that stores a new object. The collector frees it. *)
let make free call =
  let out = allocate (ptr void) null in
  let status = call out in
  if is_null !@out then raise (Refused (name status));
  let owned = { pointer = !@out; free } in
  Gc.finalise release owned;
  owned

(* Passes an object to a function, and keeps it until the function returns. *)
let using owned call =
  let value = call owned.pointer in
  ignore (Sys.opaque_identity owned);
  value

(* Calls a function that may name a field. *)
let field_of call =
  let out = allocate string_opt None in
  let status = call out in
  (status, !@out)

let no_text = from_voidp string_opt null
let no_size = from_voidp Deepidv.size null
let new_config () = make Deepidv.config_free Deepidv.config_new

let new_client () =
  using (new_config ()) (fun config ->
      check (Deepidv.config_from_env config no_text);
      make Deepidv.client_free (Deepidv.client_new config))

let new_request json =
  let request = make Deepidv.session_request_free Deepidv.session_request_new in
  let status, field =
    field_of (fun out ->
        using request (fun it ->
            Deepidv.session_request_set_json it json (String.length json) out no_size))
  in
  check ?field status;
  request

let describe result = Option.get (using result (fun it -> Deepidv.result_describe it no_size))
let ask call = describe (make Deepidv.result_free call)
let client = new_client ()
let size = String.length

let send call json =
  let request = new_request json in
  ask (fun out -> using request (fun it -> call client.pointer it out))

let submit prefix count json =
  using (new_request json) (fun it ->
      for tag = 1 to count do
        let id = sprintf "%s-%d" prefix tag in
        check (Deepidv.session_request_set_external_id it id (size id));
        check (Deepidv.session_create_submit client.pointer it tag (from_voidp Deepidv.uint64 null))
      done)

let take count =
  (* On Unix a file descriptor is a number. *)
  let descriptor : Unix.file_descr = Obj.magic (Deepidv.client_fd client.pointer) in
  let event = Ctypes.make Deepidv.Event.t in
  let rec go taken tags sessions =
    if taken = count then sprintf "%d completions, tags %d, %d sessions" taken tags sessions
    else
      match make Deepidv.result_free (Deepidv.client_next client.pointer (addr event)) with
      | exception Refused _ ->
          ignore (Unix.select [ descriptor ] [] [] (-1.0));
          go taken tags sessions
      | result ->
          let session = using result (fun it -> Deepidv.result_session_id it no_size) in
          go (taken + 1)
            (tags + getf event Deepidv.Event.tag)
            (sessions + if session = None then 0 else 1)
  in
  go 0 0 0

let cancel id =
  let op = allocate Deepidv.uint64 0 and event = Ctypes.make Deepidv.Event.t in
  check (Deepidv.session_retrieve_submit client.pointer id (size id) 1 op);
  let wait timeout out = Deepidv.client_take client.pointer !@op timeout (addr event) out in
  let waited = wait 50 (allocate (ptr void) null) in
  check (Deepidv.client_cancel client.pointer !@op);
  ignore (make Deepidv.result_free (wait (-1)));
  name waited ^ "\t" ^ name (getf event Deepidv.Event.status)

let redirect url =
  let buffer = CArray.make char 8192 in
  check (Deepidv.redirect_describe url (size url) (CArray.start buffer) 8192 no_size);
  coerce (ptr char) string (CArray.start buffer)

let matches url id =
  let parsed = Ctypes.make Deepidv.Redirect.t in
  check (Deepidv.redirect_parse url (size url) (addr parsed));
  name (Deepidv.redirect_matches url (size url) (addr parsed) id (size id))

let webhook secret signature body =
  let secrets = make Deepidv.webhook_secrets_free Deepidv.webhook_secrets_new in
  using secrets (fun it ->
      check (Deepidv.webhook_secrets_add it secret (size secret));
      let opened = Deepidv.webhook_open it (Some signature) (size signature) body (size body) in
      let event = make Deepidv.webhook_free opened in
      Option.get (using event (fun it -> Deepidv.webhook_describe it no_size)))

let order json =
  let other = new_client () and request = new_request json in
  let result =
    make Deepidv.result_free (Deepidv.session_create other.pointer request.pointer)
  in
  release other;
  release request;
  describe result

let fork json =
  let request = new_request json in
  match Unix.fork () with
  | 0 ->
      let out = allocate (ptr void) null in
      Unix._exit (Deepidv.session_create client.pointer request.pointer out)
  | child -> (
      match Unix.waitpid [] child with
      | _, Unix.WEXITED status -> name status
      | _ -> "the child did not exit")

let run = function
  | [ "version" ] ->
      sprintf "%d.%d" (Deepidv.abi_version () lsr 16) (Deepidv.abi_version () land 0xFFFF)
  | [ "redirect"; url ] -> redirect url
  | [ "matches"; url; id ] -> matches url id
  | [ "webhook"; secret; signature; body ] -> webhook secret signature body
  | [ "option"; key; value ] ->
      name
        (using (new_config ()) (fun it ->
             Deepidv.config_set it key (size key) value (size value)))
  | [ "check"; json ] ->
      let request = new_request json in
      let status, field =
        field_of (fun out -> using request (fun it -> Deepidv.session_request_validate it out))
      in
      name ?field status
  | [ "create"; json ] -> send Deepidv.session_create json
  | [ "find"; json ] -> send Deepidv.session_find_or_create json
  | [ "retrieve"; id ] -> ask (Deepidv.session_retrieve client.pointer id (size id))
  | [ "list"; id; limit ] ->
      ask (Deepidv.session_list client.pointer (Some id) (size id) (int_of_string limit) None 0)
  | [ "update"; id; word ] ->
      let decision =
        if word = "VERIFIED" then Deepidv.decision_verified else Deepidv.decision_rejected
      in
      ask (Deepidv.session_update_status client.pointer id (size id) decision)
  | [ "confirm"; url; id ] ->
      ask (Deepidv.redirect_confirm client.pointer url (size url) id (size id))
  | [ "reconcile"; token ] -> ask (Deepidv.session_reconcile client.pointer token (size token))
  | [ "many"; count; json ] ->
      submit "many" (int_of_string count) json;
      take (int_of_string count)
  | [ "collect"; count; json ] ->
      submit "collect" (int_of_string count) json;
      for _ = 1 to 1000 do
        ignore (new_request json)
      done;
      Gc.full_major ();
      take (int_of_string count)
  | [ "cancel"; id ] -> cancel id
  | [ "nul"; json ] ->
      let call it = Deepidv.session_request_set_first_name it "a\000b" 3 in
      name (using (new_request json) call)
  | [ "order"; json ] -> order json
  | [ "fork"; json ] -> fork json
  | _ -> "unknown command"

let () =
  try
    while true do
      let fields = String.split_on_char '\t' (read_line ()) in
      print_endline (try run fields with Refused line -> line)
    done
  with End_of_file -> release client
