# The conformance driver in R.

invisible(Rcpp::sourceCpp("deepidv.cpp", cacheDir = commandArgs(trailingOnly = TRUE)[1]))

# Raises a condition if the library has returned one.
checked <- function(value) {
  if (inherits(value, "deepidv_error")) stop(value)
  value
}

client <- checked(new_client())

submit <- function(prefix, count, json) {
  request <- checked(new_request(json))
  for (tag in seq_len(count)) checked(session_create_submit(client, request, paste0(prefix, "-", tag), tag))
}

take <- function(count) {
  taken <- data.frame()
  while (nrow(taken) < count) taken <- rbind(taken, checked(take_completions(client)))
  sprintf("%d completions, tags %d, %d sessions", nrow(taken), as.integer(sum(taken$tag)), sum(taken$created))
}

commands <- list(
  version = function() paste0(abi_version() %/% 65536L, ".", abi_version() %% 65536L),
  redirect = redirect_describe,
  matches = redirect_matches,
  webhook = webhook_describe,
  option = config_set,
  check = function(json) request_validate(checked(new_request(json))),
  create = function(json) session_create(client, checked(new_request(json))),
  find = function(json) session_find_or_create(client, checked(new_request(json))),
  retrieve = function(id) session_retrieve(client, id),
  list = function(external_id, limit) session_list(client, external_id, as.integer(limit)),
  update = function(id, word) session_update_status(client, id, word == "VERIFIED"),
  confirm = function(url, id) redirect_confirm(client, url, id),
  reconcile = function(token) session_reconcile(client, token),
  many = function(count, json) {
    submit("many", as.integer(count), json)
    take(as.integer(count))
  },
  collect = function(count, json) {
    submit("collect", as.integer(count), json)
    for (garbage in 1:1000) new_request(json)
    gc()
    take(as.integer(count))
  },
  cancel = function(id) paste(retrieve_and_cancel(client, id), collapse = "\t"),
  nul = function(json) request_set_first_name(checked(new_request(json)), as.raw(c(0x61, 0, 0x62))),
  order = function(json) create_and_free_client(checked(new_client()), checked(new_request(json))),
  fork = function(json) create_in_fork(client, checked(new_request(json)))
)

# The whole result of a failed operation, or the status and the field.
refused <- function(condition) {
  if (!is.null(condition$result)) return(condition$result)
  paste0(condition$status, if (nzchar(condition$field)) paste0("\t", condition$field))
}

input <- file("stdin", encoding = "UTF-8")
open(input)
while (length(line <- readLines(input, n = 1)) > 0) {
  # strsplit() drops an empty field at the end.
  fields <- head(strsplit(paste0(line, "\tend"), "\t", fixed = TRUE)[[1]], -1)
  answer <- tryCatch(checked(do.call(commands[[fields[1]]], as.list(fields[-1]))), deepidv_error = refused)
  writeLines(answer, useBytes = TRUE)
  flush(stdout())
}
