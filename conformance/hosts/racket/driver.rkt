#lang racket/base
; The conformance driver in Racket.

(require ffi/unsafe ffi/unsafe/port racket/match racket/string "deepidv.rkt")

(struct refused (line))
(struct owned (kind [pointer #:mutable]))

(define (kind-function kind verb) (string->symbol (format "~a_~a" kind verb)))

(define (name status [field #f])
  (define line (deepidv 'status_name status))
  (if field (bytes-append line #"\t" field) line))

; Ends the command, unless the status is DEEPIDV_OK.
(define (check status [field #f])
  (unless (zero? status) (raise (refused (name status field)))))

; Memory for one output. It is not moved, because a blocking call runs beside the collector.
(define (out type) (malloc type 'atomic-interior))

; Calls a function: an object becomes its pointer, and a text gets its length.
(define (call function . arguments)
  (define words
    (for/fold ([words '()]) ([argument arguments])
      (cond
        [(owned? argument) (cons (owned-pointer argument) words)]
        [(bytes? argument) (list* (bytes-length argument) argument words)]
        [else (cons argument words)])))
  (begin0 (apply deepidv function (reverse words)) (void/reference-sink arguments)))

(define (free object)
  (deepidv (kind-function (owned-kind object) 'free) (owned-pointer object))
  (set-owned-pointer! object #f))

; Calls a function that stores a new object. The collector frees it.
(define (make kind function . arguments)
  (define made (out _pointer))
  (ptr-set! made _pointer #f)
  (define status (apply call function (append arguments (list made))))
  (define pointer (ptr-ref made _pointer))
  (unless pointer (raise (refused (name status))))
  (define object (owned kind pointer))
  (register-finalizer object free)
  object)

(define (describe object) (call (kind-function (owned-kind object) 'describe) object #f))

(define (new-client)
  (define config (make 'config 'config_new))
  (check (call 'config_from_env config #f))
  (make 'client 'client_new config))

(define (new-request json)
  (define request (make 'session_request 'session_request_new))
  (define field (out _pointer))
  (define status (call 'session_request_set_json request json field #f))
  (check status (ptr-ref field _bytes))
  request)

(define client (new-client))

(define (ask function . arguments) (describe (apply make 'result function client arguments)))

(define (submit prefix count json)
  (define request (new-request json))
  (for ([tag (in-range 1 (add1 count))])
    (check (call 'session_request_set_external_id request
                 (string->bytes/utf-8 (format "~a-~a" prefix tag))))
    (check (call 'session_create_submit client request tag #f))))

; Waits in Racket's scheduler until the descriptor is readable.
(define (take count)
  (define event (malloc (structure-size "event") 'atomic-interior))
  (define descriptor (call 'client_fd client))
  (let loop ([taken 0] [tags 0] [sessions 0])
    (cond
      [(= taken count) (bytes-append (string->bytes/utf-8
        (format "~a completions, tags ~a, ~a sessions" taken tags sessions)))]
      [else
       (define result (with-handlers ([refused? (lambda (empty) #f)])
                        (make 'result 'client_next client event)))
       (cond
         [result (loop (add1 taken) (+ tags (ptr-ref event _uint64 1))
                       (+ sessions (if (call 'result_session_id result #f) 1 0)))]
         [else (sync (unsafe-file-descriptor->semaphore descriptor 'read)) (loop taken tags sessions)])])))

(define (cancel id)
  (define op (out _uint64))
  (define event (malloc (structure-size "event") 'atomic-interior))
  (check (call 'session_retrieve_submit client id 1 op))
  (define number (ptr-ref op _uint64))
  (define waited (call 'client_take client number 50 event (out _pointer)))
  (call 'client_cancel client number)
  (make 'result 'client_take client number -1 event)
  (name waited (name (ptr-ref event _int32 4))))

(define (matches url id)
  (define parsed (malloc (structure-size "redirect") 'atomic-interior))
  (check (call 'redirect_parse url parsed))
  (name (call 'redirect_matches url parsed id)))

(define (webhook secret signature body)
  (define secrets (make 'webhook_secrets 'webhook_secrets_new))
  (check (call 'webhook_secrets_add secrets secret))
  (describe (make 'webhook 'webhook_open secrets signature body)))

(define (redirect url)
  (define buffer (malloc 8192 'atomic-interior))
  (check (call 'redirect_describe url buffer 8192 #f))
  (bytes-copy (cast buffer _pointer _bytes)))

(define (order json)
  (define other (new-client))
  (define request (new-request json))
  (define result (make 'result 'session_create other request))
  (free other)
  (free request)
  (describe result))

(define (fork json)
  (define libc (lambda (name type) (get-ffi-obj name #f type)))
  (define request (new-request json))
  (define child ((libc "fork" (_fun -> _int))))
  (when (zero? child)
    ((libc "_exit" (_fun _int -> _void)) (call 'session_create client request (out _pointer))))
  (define ended (out _int))
  ((libc "waitpid" (_fun _int _pointer _int -> _int)) child ended 0)
  (name (quotient (ptr-ref ended _int) 256)))

(define (number text) (string->number (bytes->string/utf-8 text)))

(define (run fields)
  (match fields
    [(list #"version")
     (define version (deepidv 'abi_version))
     (string->bytes/utf-8 (format "~a.~a" (quotient version 65536) (remainder version 65536)))]
    [(list #"redirect" url) (redirect url)]
    [(list #"matches" url id) (matches url id)]
    [(list #"webhook" secret signature body) (webhook secret signature body)]
    [(list #"option" key value) (name (call 'config_set (make 'config 'config_new) key value))]
    [(list #"check" json)
     (define field (out _pointer))
     (define status (call 'session_request_validate (new-request json) field))
     (name status (ptr-ref field _bytes))]
    [(list #"create" json) (ask 'session_create (new-request json))]
    [(list #"find" json) (ask 'session_find_or_create (new-request json))]
    [(list #"retrieve" id) (ask 'session_retrieve id)]
    [(list #"list" id limit) (ask 'session_list id (number limit) #f 0)]
    [(list #"update" id word)
     (ask 'session_update_status id (constant (format "DECISION_~a" word)))]
    [(list #"confirm" url id) (ask 'redirect_confirm url id)]
    [(list #"reconcile" token) (ask 'session_reconcile token)]
    [(list #"many" count json) (submit "many" (number count) json) (take (number count))]
    [(list #"collect" count json)
     (submit "collect" (number count) json)
     (for ([garbage 1000]) (new-request json))
     (collect-garbage)
     (take (number count))]
    [(list #"cancel" id) (cancel id)]
    [(list #"nul" json) (name (call 'session_request_set_first_name (new-request json) #"a\0b"))]
    [(list #"order" json) (order json)]
    [(list #"fork" json) (fork json)]))

(for ([line (in-bytes-lines)])
  (write-bytes (with-handlers ([refused? refused-line]) (run (regexp-split #rx#"\t" line))))
  (newline)
  (flush-output))
