; The conformance driver in Common Lisp with SBCL, whose collector stops threads with signals.

(defpackage :driver (:use :cl))
(in-package :driver)

(define-condition refused (error) ((line :initarg :line :reader line)))

(defstruct owned kind pointer)

(defun name (status &optional field)
  (format nil "~a~@[~c~a~]" (deepidv:status-name status) (and field #\Tab) field))

; Ends the command, unless the status is DEEPIDV_OK.
(defun check (status &optional field)
  (unless (= status deepidv:+ok+) (error 'refused :line (name status field))))

(defun function-named (&rest words) (symbol-function (find-symbol (format nil "~{~a~}" words) :deepidv)))

; Calls a function; objects become their pointers, and are kept until it returns.
(defun call (function &rest arguments)
  (sb-sys:with-pinned-objects (arguments)
    (apply (function-named function)
           (mapcar (lambda (one) (if (owned-p one) (owned-pointer one) one)) arguments))))

(defun release (object)
  (sb-ext:cancel-finalization object)
  (funcall (function-named (owned-kind object) '-free) (owned-pointer object)))

; Calls a function that stores a new object, which the collector frees.
(defun make (kind function &rest arguments)
  (cffi:with-foreign-object (made :pointer)
    (setf (cffi:mem-ref made :pointer) (cffi:null-pointer))
    (let* ((status (apply #'call function (append arguments (list made))))
           (pointer (cffi:mem-ref made :pointer))
           (object (make-owned :kind kind :pointer pointer)))
      (when (cffi:null-pointer-p pointer) (error 'refused :line (name status)))
      (sb-ext:finalize object (lambda () (funcall (function-named kind '-free) pointer)) :dont-save t)
      object)))

(defun null-pointer () (cffi:null-pointer))
(defun describe-owned (object) (call (format nil "~a-DESCRIBE" (owned-kind object)) object (null-pointer)))

; Calls a function with a place for the name of a field, and checks the status unless it is asked for.
(defun field-call (function &rest arguments)
  (cffi:with-foreign-object (field :pointer)
    (let* ((rest (if (eq function 'session-request-set-json) (list field (null-pointer)) (list field)))
           (status (apply #'call function (append arguments rest))))
      (values status (cffi:foreign-string-to-lisp (cffi:mem-ref field :pointer))))))

(defun new-client ()
  (let ((config (make :config 'config-new)))
    (check (field-call 'config-from-env config))
    (make :client 'client-new config)))

(defun new-request (json)
  (let ((request (make :session-request 'session-request-new)))
    (multiple-value-call #'check (field-call 'session-request-set-json request json))
    request))

(defvar *client*)
(defun ask (function &rest arguments) (describe-owned (apply #'make :result function *client* arguments)))

(defun submit (prefix count json)
  (let ((request (new-request json)))
    (loop for tag from 1 to count
          do (check (call 'session-request-set-external-id request (format nil "~a-~d" prefix tag)))
             (check (call 'session-create-submit *client* request tag (null-pointer))))))

(defun take-completions (count &aux (taken 0) (tags 0) (sessions 0))
  (cffi:with-foreign-object (event '(:struct deepidv:event))
    (flet ((take-all (descriptor)
             (declare (ignore descriptor))
             (handler-case
                 (loop (let ((result (make :result 'client-next *client* event)))
                         (incf taken)
                         (incf tags (cffi:foreign-slot-value event '(:struct deepidv:event) 'deepidv:tag))
                         (when (call 'result-session-id result (null-pointer)) (incf sessions))))
               (refused ()))))
      (sb-sys:with-fd-handler ((call 'client-fd *client*) :input #'take-all)
        (loop while (< taken count) do (sb-sys:serve-event)))))
  (format nil "~d completions, tags ~d, ~d sessions" taken tags sessions))

(defun cancel (id)
  (cffi:with-foreign-objects ((op :uint64) (event '(:struct deepidv:event)) (none :pointer))
    (check (call 'session-retrieve-submit *client* id 1 op))
    (let* ((number (cffi:mem-ref op :uint64))
           (waited (call 'client-take *client* number 50 event none)))
      (call 'client-cancel *client* number)
      (make :result 'client-take *client* number -1 event)
      (name waited (name (cffi:foreign-slot-value event '(:struct deepidv:event) 'deepidv:status))))))

(defun redirect (url)
  (cffi:with-foreign-pointer (buffer 8192)
    (check (call 'redirect-describe url buffer 8192 (null-pointer)))
    (cffi:foreign-string-to-lisp buffer :encoding :utf-8)))

(defun matches (url id)
  (cffi:with-foreign-object (parsed '(:struct deepidv:redirect))
    (check (call 'redirect-parse url parsed))
    (name (call 'redirect-matches url parsed id))))

(defun webhook (secret signature body)
  (let ((secrets (make :webhook-secrets 'webhook-secrets-new)))
    (check (call 'webhook-secrets-add secrets secret))
    (describe-owned (make :webhook 'webhook-open secrets signature body))))

(defun order (json)
  (let* ((client (new-client)) (request (new-request json))
         (result (make :result 'session-create client request)))
    (release client)
    (release request)
    (describe-owned result)))

(defun forked (json)
  (let ((request (new-request json)))
    (cffi:with-foreign-objects ((made :pointer) (ended :int))
      (let ((child (cffi:foreign-funcall "fork" :int)))
        (when (zerop child)
          (cffi:foreign-funcall "_exit" :int (call 'session-create *client* request made) :void))
        (cffi:foreign-funcall "waitpid" :int child :pointer ended :int 0 :int)
        (name (ash (cffi:mem-ref ended :int) -8))))))

(defun run (command &optional (text "") (second "") (third ""))
  (flet ((is (name) (string= command name)))
    (cond
      ((is "version") (format nil "~d.~d" (ash (deepidv:abi-version) -16) (logand (deepidv:abi-version) #xFFFF)))
      ((is "redirect") (redirect text))
      ((is "matches") (matches text second))
      ((is "webhook") (webhook text second third))
      ((is "option") (name (call 'config-set (make :config 'config-new) text second)))
      ((is "check") (multiple-value-call #'name (field-call 'session-request-validate (new-request text))))
      ((is "create") (ask 'session-create (new-request text)))
      ((is "find") (ask 'session-find-or-create (new-request text)))
      ((is "retrieve") (ask 'session-retrieve text))
      ((is "list") (ask 'session-list text (parse-integer second) nil))
      ((is "update")
       (ask 'session-update-status text
            (if (string= second "VERIFIED") deepidv:+decision-verified+ deepidv:+decision-rejected+)))
      ((is "confirm") (ask 'redirect-confirm text second))
      ((is "reconcile") (ask 'session-reconcile text))
      ((is "many") (submit "many" (parse-integer text) second) (take-completions (parse-integer text)))
      ((is "collect")
       (submit "collect" (parse-integer text) second)
       (loop repeat 1000 do (new-request second))
       (sb-ext:gc :full t)
       (take-completions (parse-integer text)))
      ((is "cancel") (cancel text))
      ((is "nul")
       (name (call 'session-request-set-first-name (new-request text) (format nil "a~cb" (code-char 0)))))
      ((is "order") (order text))
      ((is "fork") (forked text)))))

(defun split (line)
  (loop for start = 0 then (1+ end)
        for end = (position #\Tab line :start start)
        collect (subseq line start end)
        while end))

(defun main ()
  (deepidv:load-library)
  (setf *client* (new-client))
  (loop for line = (read-line *standard-input* nil)
        while line
        do (write-line (handler-case (apply #'run (split line)) (refused (condition) (line condition))))
           (finish-output)))
