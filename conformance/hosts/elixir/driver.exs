# The conformance driver in Elixir, over the NIFs that Erlang uses.

defmodule Refused do
  defexception [:message]
end

defmodule Driver do
  def name(status, field \\ :undefined)
  def name(status, :undefined), do: :deepidv.status_name(status)
  def name(status, field), do: "#{:deepidv.status_name(status)}\t#{field}"

  # Raises unless the status is DEEPIDV_OK.
  def check(status, field \\ :undefined)
  def check(0, _), do: :ok
  def check(status, field), do: raise(Refused, name(status, field))

  # The object that a call has made; the status is why there may be none.
  def made({status, :undefined}), do: raise(Refused, name(status))
  def made({_, object}), do: object

  def new_client do
    config = made(:deepidv.config_new())
    {status, _} = :deepidv.config_from_env(config)
    check(status)
    made(:deepidv.client_new(config))
  end

  def new_request(json) do
    request = made(:deepidv.session_request_new())
    {status, field, _offset} = :deepidv.session_request_set_json(request, json)
    check(status, field)
    request
  end

  def described(call), do: call |> made() |> :deepidv.result_describe()

  def submit(client, prefix, count, json) do
    request = new_request(json)

    for tag <- 1..count do
      check(:deepidv.session_request_set_external_id(request, "#{prefix}-#{tag}"))
      {status, _} = :deepidv.session_create_submit(client, request, tag)
      check(status)
    end
  end

  def take(client, count) do
    descriptor = client |> :deepidv.client_fd() |> :deepidv.copy()
    taken = Enum.take(completions(client, descriptor), count)
    :deepidv.stop(descriptor)
    tags = taken |> Enum.map(&elem(&1, 0)) |> Enum.sum()
    sessions = Enum.count(taken, fn {_, session} -> session != :undefined end)
    "#{length(taken)} completions, tags #{tags}, #{sessions} sessions"
  end

  # A stream of tags and session ids. It waits for a message of the runtime's poller.
  def completions(client, descriptor) do
    Stream.repeatedly(fn -> next(client, descriptor) end)
  end

  def next(client, descriptor) do
    case :deepidv.client_next(client) do
      {0, <<_op::native-64, tag::native-64, _::binary>>, result} ->
        {tag, :deepidv.result_session_id(result)}

      _ ->
        :deepidv.select(descriptor)

        receive do
          {:select, ^descriptor, _, :ready_input} -> next(client, descriptor)
        end
    end
  end

  def run(_, ["version"]) do
    number = :deepidv.abi_version()
    "#{div(number, 65536)}.#{rem(number, 65536)}"
  end

  def run(_, ["redirect", url]) do
    {status, json} = :deepidv.redirect_describe(url)
    check(status)
    json
  end

  def run(_, ["matches", url, id]) do
    {status, parsed} = :deepidv.redirect_parse(url)
    check(status)
    name(:deepidv.redirect_matches(url, parsed, id))
  end

  def run(_, ["webhook", secret, signature, body]) do
    secrets = made(:deepidv.webhook_secrets_new())
    check(:deepidv.webhook_secrets_add(secrets, secret))
    secrets |> :deepidv.webhook_open(signature, body) |> made() |> :deepidv.webhook_describe()
  end

  def run(_, ["option", key, value]) do
    name(:deepidv.config_set(made(:deepidv.config_new()), key, value))
  end

  def run(_, ["check", json]) do
    {status, field} = :deepidv.session_request_validate(new_request(json))
    name(status, field)
  end

  def run(client, ["create", json]), do: described(:deepidv.session_create(client, new_request(json)))
  def run(client, ["find", json]), do: described(:deepidv.session_find_or_create(client, new_request(json)))
  def run(client, ["retrieve", id]), do: described(:deepidv.session_retrieve(client, id))

  def run(client, ["list", id, limit]) do
    described(:deepidv.session_list(client, id, String.to_integer(limit), :undefined))
  end

  def run(client, ["update", id, word]) do
    decision = if word == "VERIFIED", do: :decision_verified, else: :decision_rejected
    described(:deepidv.session_update_status(client, id, :deepidv.constant(decision)))
  end

  def run(client, ["confirm", url, id]), do: described(:deepidv.redirect_confirm(client, url, id))
  def run(client, ["reconcile", token]), do: described(:deepidv.session_reconcile(client, token))

  def run(client, ["many", count, json]) do
    submit(client, "many", String.to_integer(count), json)
    take(client, String.to_integer(count))
  end

  def run(client, ["collect", count, json]) do
    submit(client, "collect", String.to_integer(count), json)
    for _ <- 1..1000, do: new_request(json)
    :erlang.garbage_collect()
    take(client, String.to_integer(count))
  end

  def run(client, ["cancel", id]) do
    {0, op} = :deepidv.session_retrieve_submit(client, id, 1)
    {waited, _, :undefined} = :deepidv.client_take(client, op, 50)
    :deepidv.client_cancel(client, op)
    {0, <<_::binary-16, status::native-signed-32, _::binary>>, _} = :deepidv.client_take(client, op, -1)
    name(waited, name(status))
  end

  def run(_, ["nul", json]) do
    name(:deepidv.session_request_set_first_name(new_request(json), <<"a", 0, "b">>))
  end

  def run(_, ["order", json]) do
    {client, request} = {new_client(), new_request(json)}
    result = made(:deepidv.session_create(client, request))
    :deepidv.client_free(client)
    :deepidv.session_request_free(request)
    :deepidv.result_describe(result)
  end

  def run(_, ["fork", _]), do: "unsupported"
end

client = Driver.new_client()

for line <- IO.stream(:stdio, :line) do
  fields = line |> String.trim_trailing("\n") |> String.split("\t")

  try do
    IO.puts(Driver.run(client, fields))
  rescue
    refused in Refused -> IO.puts(refused.message)
  end
end
