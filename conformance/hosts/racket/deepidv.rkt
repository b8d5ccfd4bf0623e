#lang racket/base
; All functions of libdeepidv, as deepidv.abi.json describes them: (deepidv 'session_create client request out).

(require ffi/unsafe json racket/string)
(provide deepidv constant structure-size)

(define abi (call-with-input-file (getenv "DEEPIDV_ABI") read-json))
(define library (ffi-lib (hash-ref abi 'soname)))

; Objects, structures, buffers and outputs are pointers; a text is a byte string.
(define (type-of type)
  (cond
    [(equal? type "const char *") _bytes]
    [(string-suffix? type "*") _pointer]
    [else
     (case (string->symbol type)
       [(void) _void] [(int int32_t deepidv_status) _int32] [(uint32_t) _uint32]
       [(int64_t) _int64] [(uint64_t) _uint64] [(size_t) _size])]))

(define functions
  (for/hasheq ([function (hash-ref abi 'functions)])
    (define name (hash-ref function 'name))
    (define parameters
      (for/list ([parameter (hash-ref function 'parameters)])
        (type-of (hash-ref parameter 'type))))
    (define type
      (_cprocedure parameters (type-of (hash-ref (hash-ref function 'returns) 'type))
                   #:blocking? (hash-ref function 'blocks)))
    (values (string->symbol (string-replace name "deepidv_" "" #:all? #f))
            (get-ffi-obj name library type))))

(define (deepidv name . arguments) (apply (hash-ref functions name) arguments))

(define constants
  (for*/hash ([group (hash-ref abi 'constants)] [constant (hash-ref group 'constants)])
    (values (hash-ref constant 'name) (hash-ref constant 'value))))

(define (constant name) (hash-ref constants (string-append "DEEPIDV_" name)))

(define (structure-size name)
  (for/first ([structure (hash-ref abi 'structures)]
              #:when (equal? (hash-ref structure 'name) (string-append "deepidv_" name)))
    (hash-ref structure 'size)))
