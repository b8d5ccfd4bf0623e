! The conformance driver in Fortran. Finalizers do not suit C handles, so objects are freed by hand.
module commands
  use deepidv
  implicit none

  type, bind(c) :: pollfd
    integer(c_int) :: fd
    integer(c_short) :: events = 1, revents = 0
  end type

  interface
    function strlen(text) bind(c) result(length)
      import
      type(c_ptr), value :: text
      integer(c_size_t) :: length
    end function
    function poll(watched, count, timeout) bind(c) result(ready)
      import
      type(pollfd), intent(inout) :: watched
      integer(c_long), value :: count
      integer(c_int), value :: timeout
      integer(c_int) :: ready
    end function
    function fork() bind(c) result(child)
      import
      integer(c_int) :: child
    end function
    function waitpid(child, ended, options) bind(c) result(found)
      import
      integer(c_int), value :: child, options
      integer(c_int), intent(out) :: ended
      integer(c_int) :: found
    end function
    subroutine exit_now(status) bind(c, name='_exit')
      import
      integer(c_int), value :: status
    end subroutine
  end interface

  type(c_ptr) :: client
contains
  ! Copies a text of C.
  function string(text) result(copy)
    type(c_ptr), intent(in) :: text
    character(:), allocatable :: copy
    character(kind=c_char), pointer :: bytes(:)
    integer :: place
    call c_f_pointer(text, bytes, [strlen(text)])
    allocate (character(size(bytes)) :: copy)
    do place = 1, size(bytes)
      copy(place:place) = bytes(place)
    end do
  end function

  function name(status, field) result(line)
    integer(c_int32_t), intent(in) :: status
    type(c_ptr), intent(in), optional :: field
    character(:), allocatable :: line
    line = string(deepidv_status_name(status))
    if (.not. present(field)) return
    if (c_associated(field)) line = line//achar(9)//string(field)
  end function

  pure integer(c_size_t) function size_of(text)
    character(*), intent(in) :: text
    size_of = len(text, c_size_t)
  end function

  ! Describes a result and frees it, or returns the status if there is none.
  function described(status, result) result(line)
    integer(c_int32_t), intent(in) :: status
    type(c_ptr), intent(in) :: result
    character(:), allocatable :: line
    line = name(status)
    if (.not. c_associated(result)) return
    line = string(deepidv_result_describe(result))
    call deepidv_result_free(result)
  end function

  function new_client() result(made)
    type(c_ptr) :: config, made
    integer(c_int32_t) :: status
    status = deepidv_config_new(config)
    status = deepidv_config_from_env(config)
    status = deepidv_client_new(config, made)
    call deepidv_config_free(config)
    if (status /= DEEPIDV_OK) error stop 'no client'
  end function

  ! Creates a request; the line says why it was refused, and is empty if it was not.
  function new_request(json, line) result(request)
    character(*), intent(in) :: json
    character(:), allocatable, intent(out) :: line
    type(c_ptr) :: request, field
    integer(c_int32_t) :: status
    status = deepidv_session_request_new(request)
    status = deepidv_session_request_set_json(request, json, size_of(json), field)
    line = ''
    if (status /= DEEPIDV_OK) line = name(status, field)
  end function

  function send(command, json) result(line)
    character(*), intent(in) :: command, json
    character(:), allocatable :: line
    type(c_ptr) :: request, result, field, other
    integer(c_int32_t) :: status
    integer(c_int) :: child, ended
    request = new_request(json, line)
    result = c_null_ptr
    if (line == '') then
      select case (command)
      case ('check')
        status = deepidv_session_request_validate(request, field)
        line = name(status, field)
      case ('nul')
        line = name(deepidv_session_request_set_first_name(request, 'a'//achar(0)//'b', 3_c_size_t))
      case ('create')
        status = deepidv_session_create(client, request, result)
        line = described(status, result)
      case ('find')
        status = deepidv_session_find_or_create(client, request, result)
        line = described(status, result)
      case ('order')
        other = new_client()
        status = deepidv_session_create(other, request, result)
        call deepidv_client_free(other)
        line = described(status, result)
      case ('fork')
        child = fork()
        if (child == 0) call exit_now(deepidv_session_create(client, request, result))
        child = waitpid(child, ended, 0)
        line = name(ended/256)
      end select
    end if
    call deepidv_session_request_free(request)
  end function

  function many(prefix, count, json) result(line)
    character(*), intent(in) :: prefix, json
    integer, intent(in) :: count
    character(:), allocatable :: line
    character(80) :: text
    type(c_ptr) :: request, result
    type(deepidv_event) :: event
    type(pollfd) :: watched
    integer(c_int64_t) :: tag, taken, tags, sessions
    integer(c_int32_t) :: status
    request = new_request(json, line)
    do tag = 1, count
      write (text, '(a, "-", i0)') prefix, tag
      status = deepidv_session_request_set_external_id(request, trim(text), size_of(trim(text)))
      status = deepidv_session_create_submit(client, request, tag)
    end do
    call deepidv_session_request_free(request)
    if (prefix == 'collect') then
      do tag = 1, 1000
        call deepidv_session_request_free(new_request(json, line))
      end do
    end if
    watched%fd = deepidv_client_fd(client)
    taken = 0
    tags = 0
    sessions = 0
    do while (taken < count)
      if (poll(watched, 1_c_long, -1) < 0) exit
      do while (deepidv_client_next(client, event, result) == DEEPIDV_OK)
        taken = taken + 1
        tags = tags + event%tag
        if (c_associated(deepidv_result_session_id(result))) sessions = sessions + 1
        call deepidv_result_free(result)
      end do
    end do
    write (text, '(i0, " completions, tags ", i0, ", ", i0, " sessions")') taken, tags, sessions
    line = trim(text)
  end function

  function cancel(id) result(line)
    character(*), intent(in) :: id
    character(:), allocatable :: line
    type(deepidv_event) :: event
    type(c_ptr) :: result
    integer(c_int64_t) :: op
    integer(c_int32_t) :: status
    status = deepidv_session_retrieve_submit(client, id, size_of(id), 1_c_int64_t, op)
    line = name(deepidv_client_take(client, op, 50, event, result))
    status = deepidv_client_cancel(client, op)
    status = deepidv_client_take(client, op, -1, event, result)
    call deepidv_result_free(result)
    line = line//achar(9)//name(event%status)
  end function

  function redirect(url) result(line)
    character(*), intent(in) :: url
    character(:), allocatable :: line
    character(8192) :: buffer
    integer(c_size_t) :: length
    integer(c_int32_t) :: status
    status = deepidv_redirect_describe(url, size_of(url), buffer, size_of(buffer), length)
    line = name(status)
    if (status == DEEPIDV_OK) line = buffer(:length)
  end function

  function matches(url, id) result(line)
    character(*), intent(in) :: url, id
    character(:), allocatable :: line
    type(deepidv_redirect) :: parsed
    integer(c_int32_t) :: status
    status = deepidv_redirect_parse(url, size_of(url), parsed)
    if (status == DEEPIDV_OK) &
      status = deepidv_redirect_matches(url, size_of(url), parsed, id, size_of(id))
    line = name(status)
  end function

  function webhook(secret, signature, body) result(line)
    character(*), intent(in) :: secret, signature, body
    character(:), allocatable :: line
    type(c_ptr) :: secrets, event
    integer(c_int32_t) :: status
    status = deepidv_webhook_secrets_new(secrets)
    status = deepidv_webhook_secrets_add(secrets, secret, size_of(secret))
    status = deepidv_webhook_open(secrets, signature, size_of(signature), body, size_of(body), event)
    call deepidv_webhook_secrets_free(secrets)
    line = name(status)
    if (status == DEEPIDV_OK) line = string(deepidv_webhook_describe(event))
    call deepidv_webhook_free(event)
  end function

  function option(key, value) result(line)
    character(*), intent(in) :: key, value
    character(:), allocatable :: line
    type(c_ptr) :: config
    integer(c_int32_t) :: status
    status = deepidv_config_new(config)
    line = name(deepidv_config_set(config, key, size_of(key), value, size_of(value)))
    call deepidv_config_free(config)
  end function

  integer function number(text)
    character(*), intent(in) :: text
    read (text, *) number
  end function

  function ask(command, text, second) result(line)
    character(*), intent(in) :: command, text, second
    character(:), allocatable :: line
    type(c_ptr) :: result
    integer(c_int32_t) :: status
    status = DEEPIDV_DECISION_REJECTED
    if (second == 'VERIFIED') status = DEEPIDV_DECISION_VERIFIED
    select case (command)
    case ('retrieve')
      status = deepidv_session_retrieve(client, text, size_of(text), result)
    case ('list')
      status = deepidv_session_list(client, text, size_of(text), number(second), &
        next_token_len=0_c_size_t, out_result=result)
    case ('update')
      status = deepidv_session_update_status(client, text, size_of(text), status, result)
    case ('confirm')
      status = deepidv_redirect_confirm(client, text, size_of(text), second, size_of(second), result)
    case ('reconcile')
      status = deepidv_session_reconcile(client, text, size_of(text), result)
    end select
    line = described(status, result)
  end function

  function run(line) result(answer)
    character(*), intent(in) :: line
    character(:), allocatable :: answer, command, first, second, third
    integer :: version
    command = field(line, 1)
    first = field(line, 2)
    second = field(line, 3)
    third = field(line, 4)
    select case (command)
    case ('version')
      version = deepidv_abi_version()
      answer = achar(48 + version/65536)//'.'//achar(48 + mod(version, 65536))
    case ('redirect'); answer = redirect(first)
    case ('matches'); answer = matches(first, second)
    case ('webhook'); answer = webhook(first, second, third)
    case ('option'); answer = option(first, second)
    case ('many', 'collect'); answer = many(command, number(first), second)
    case ('cancel'); answer = cancel(first)
    case ('check', 'create', 'find', 'nul', 'order', 'fork'); answer = send(command, first)
    case default; answer = ask(command, first, second)
    end select
  end function

  ! Returns a field of a line, or an empty text.
  function field(line, wanted) result(text)
    character(*), intent(in) :: line
    integer, intent(in) :: wanted
    character(:), allocatable :: text
    integer :: place, start, stop
    start = 1
    do place = 2, wanted
      stop = index(line(start:), achar(9))
      if (stop == 0) start = len(line) + 1
      start = start + stop
    end do
    stop = index(line(start:)//achar(9), achar(9))
    text = line(start:start + stop - 2)
  end function
end module

program driver
  use commands
  use, intrinsic :: iso_fortran_env, only: iostat_eor, output_unit
  implicit none
  character(:), allocatable :: line
  character(4096) :: part
  integer :: length, status

  client = new_client()
  do
    line = ''
    status = 0
    do while (status == 0)
      read (*, '(a)', advance='no', size=length, iostat=status) part
      line = line//part(:length)
    end do
    if (status /= iostat_eor) exit
    write (*, '(a)') run(line)
    flush (output_unit)
  end do
  call deepidv_client_free(client)
end program
