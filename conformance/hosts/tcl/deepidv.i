/* The binding for Tcl, by SWIG. A text is a byte array, because Tcl's own strings are not UTF-8: they have C0 80 for NUL. */
%module deepidv
%{
#include <unistd.h>
#include "deepidv.h"
%}
%include <stdint.i>
%include <typemaps.i>

%typemap(in) (const char *TEXT, size_t LENGTH) (int length) {
  $1 = (char *)Tcl_GetByteArrayFromObj($input, &length);
  $2 = (size_t)length;
}
/* An empty text for one that may be absent. */
%typemap(in) (const char *TEXT_OR_NULL, size_t LENGTH) (int length) {
  $1 = (char *)Tcl_GetByteArrayFromObj($input, &length);
  if (length == 0)
    $1 = NULL;
  $2 = (size_t)length;
}
%typemap(out) const char * {
  if ($1)
    Tcl_SetObjResult(interp, Tcl_NewByteArrayObj((const unsigned char *)$1, strlen($1)));
}
/* An output becomes an element of the list that the command returns; an object is "" if there is none. */
%define OBJECT(NAME)
%typemap(in, numinputs=0) NAME ** (NAME *object = NULL) "$1 = &object;"
%typemap(argout) NAME ** {
  Tcl_ListObjAppendElement(interp, Tcl_GetObjResult(interp),
      *$1 ? SWIG_NewInstanceObj(*$1, $*1_descriptor, 0) : Tcl_NewObj());
}
%enddef
%typemap(in, numinputs=0) const char ** (char *text = NULL) "$1 = &text;"
%typemap(argout) const char ** {
  Tcl_ListObjAppendElement(interp, Tcl_GetObjResult(interp), Tcl_NewStringObj(*$1 ? *$1 : "", -1));
}
%typemap(in, numinputs=0) size_t *out_len, size_t *out_offset "$1 = NULL;"
%apply unsigned long long *OUTPUT { uint64_t *out_op };
%typemap(in, numinputs=0) (char *buffer, size_t capacity) (char text[8192]) {
  $1 = text;
  $2 = sizeof text;
}
%typemap(argout) (char *buffer, size_t capacity) {
  Tcl_ListObjAppendElement(interp, Tcl_GetObjResult(interp),
      Tcl_NewByteArrayObj((unsigned char *)$1, result == DEEPIDV_OK ? strlen($1) : 0));
}

/* A channel for Tcl's event loop, over a copy of the descriptor, because Tcl closes its channels. */
%native(channel) int channel(ClientData data, Tcl_Interp *interp, int count, Tcl_Obj *const words[]);
%{
static int channel(ClientData data, Tcl_Interp *interp, int count, Tcl_Obj *const words[])
{
  int descriptor = -1;
  if (count != 2 || Tcl_GetIntFromObj(interp, words[1], &descriptor) != TCL_OK)
    return TCL_ERROR;
  Tcl_Channel made = Tcl_MakeFileChannel((ClientData)(intptr_t)dup(descriptor), TCL_READABLE);
  Tcl_RegisterChannel(interp, made);
  Tcl_SetObjResult(interp, Tcl_NewStringObj(Tcl_GetChannelName(made), -1));
  return TCL_OK;
}
%}
%include "abi.i"
