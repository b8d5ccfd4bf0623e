# The conformance driver in Tcl. All texts are UTF-8 in byte arrays.

load [lindex $argv 0] Deepidv

proc status_line {status {field ""}} {
  set name [deepidv_status_name $status]
  return [expr {$field eq "" ? $name : "$name\t$field"}]
}

# Ends the command with a status as its error.
proc require_ok {status {field ""}} {
  if {$status != $::DEEPIDV_OK} { error [status_line $status $field] }
}

# Calls a function whose last output is a new object, and returns it.
proc make {args} {
  lassign [{*}$args] status object
  if {$object eq ""} { error [status_line $status] }
  return $object
}

# Runs a script with a variable set to an object, and frees it.
proc with {kind name value script} {
  upvar 1 $name object
  set object $value
  try { uplevel 1 $script } finally { deepidv_${kind}_free $object }
}

proc new_client {} {
  with config config [make deepidv_config_new] {
    require_ok [lindex [deepidv_config_from_env $config] 0]
    return [make deepidv_client_new $config]
  }
}

proc new_request {json} {
  set request [make deepidv_session_request_new]
  lassign [deepidv_session_request_set_json $request $json] status field
  if {$status != $::DEEPIDV_OK} {
    deepidv_session_request_free $request
    require_ok $status $field
  }
  return $request
}

# Prints the result of a call.
proc ask {args} {
  with result result [make {*}$args] { return [deepidv_result_describe $result] }
}

proc submit {prefix count json} {
  with session_request request [new_request $json] {
    for {set tag 1} {$tag <= $count} {incr tag} {
      require_ok [deepidv_session_request_set_external_id $request $prefix-$tag]
      require_ok [lindex [deepidv_session_create_submit $::client $request $tag] 0]
    }
  }
}

# Takes completions until there is none; called by the event loop.
proc take_completions {} {
  deepidv_event event
  while {[set result [lindex [deepidv_client_next $::client event] 1]] ne ""} {
    incr ::tags [event cget -tag]
    incr ::sessions [expr {[deepidv_result_session_id $result] ne ""}]
    deepidv_result_free $result
    incr ::taken
  }
}

proc take {count} {
  lassign {0 0 0} ::taken ::tags ::sessions
  set channel [channel [deepidv_client_fd $::client]]
  fileevent $channel readable take_completions
  while {$::taken < $count} { vwait ::taken }
  close $channel
  return "$::taken completions, tags $::tags, $::sessions sessions"
}

namespace eval command {
  proc version {} {
    set number [deepidv_abi_version]
    return [expr {$number >> 16}].[expr {$number & 0xFFFF}]
  }
  proc redirect {url} {
    lassign [deepidv_redirect_describe $url] status json
    require_ok $status
    return $json
  }
  proc matches {url id} {
    deepidv_redirect parsed
    require_ok [deepidv_redirect_parse $url parsed]
    return [status_line [deepidv_redirect_matches $url parsed $id]]
  }
  proc webhook {secret signature body} {
    with webhook_secrets secrets [make deepidv_webhook_secrets_new] {
      require_ok [deepidv_webhook_secrets_add $secrets $secret]
      with webhook event [make deepidv_webhook_open $secrets $signature $body] {
        return [deepidv_webhook_describe $event]
      }
    }
  }
  proc option {name value} {
    with config config [make deepidv_config_new] {
      return [status_line [deepidv_config_set $config $name $value]]
    }
  }
  proc check {json} {
    with session_request request [new_request $json] {
      return [status_line {*}[deepidv_session_request_validate $request]]
    }
  }
  proc create {json} {
    with session_request request [new_request $json] { ask deepidv_session_create $::client $request }
  }
  proc find {json} {
    with session_request request [new_request $json] { ask deepidv_session_find_or_create $::client $request }
  }
  proc retrieve {id} { ask deepidv_session_retrieve $::client $id }
  proc list {id limit} { ask deepidv_session_list $::client $id $limit "" }
  proc update {id word} { ask deepidv_session_update_status $::client $id [set ::DEEPIDV_DECISION_$word] }
  proc confirm {url id} { ask deepidv_redirect_confirm $::client $url $id }
  proc reconcile {token} { ask deepidv_session_reconcile $::client $token }
  proc many {count json} {
    submit many $count $json
    take $count
  }
  # Tcl has no collector: each request is freed by hand.
  proc collect {count json} {
    submit collect $count $json
    for {set garbage 0} {$garbage < 1000} {incr garbage} { deepidv_session_request_free [new_request $json] }
    take $count
  }
  proc cancel {id} {
    deepidv_event event
    set op [lindex [deepidv_session_retrieve_submit $::client $id 1] 1]
    set waited [lindex [deepidv_client_take $::client $op 50 event] 0]
    deepidv_client_cancel $::client $op
    deepidv_result_free [make deepidv_client_take $::client $op -1 event]
    return [status_line $waited [status_line [event cget -status]]]
  }
  proc nul {json} {
    with session_request request [new_request $json] {
      return [status_line [deepidv_session_request_set_first_name $request "a\0b"]]
    }
  }
  proc order {json} {
    with client other [new_client] {
      with session_request request [new_request $json] {
        set result [make deepidv_session_create $other $request]
      }
    }
    with result result $result { return [deepidv_result_describe $result] }
  }
  proc fork {json} { return unsupported }
}

set client [new_client]
fconfigure stdin -translation binary
fconfigure stdout -translation binary -buffering line
while {[gets stdin line] >= 0} {
  set fields [split $line \t]
  catch { command::[lindex $fields 0] {*}[lrange $fields 1 end] } text
  puts $text
}
deepidv_client_free $client
