; Writes a program: sbcl --load build.lisp BINDING PROGRAM

(require :asdf)
(require :sb-posix)
(asdf:load-system :cffi)
(destructuring-bind (binding program) (last sb-ext:*posix-argv* 2)
  (load (compile-file binding :output-file (format nil "~a.fasl" binding)))
  (load (compile-file "driver.lisp" :output-file (format nil "~a.fasl" program)))
  (sb-ext:save-lisp-and-die program :executable t :toplevel (intern "MAIN" :driver)))
