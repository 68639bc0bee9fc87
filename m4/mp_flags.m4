dnl Compiler flags that are used only where the compiler takes them.

dnl MP_TRY_CFLAG(VARIABLE, FLAG): append FLAG to VARIABLE when a program can be compiled and linked with it.
dnl -Werror, because clang merely warns of a flag that it does not know.
AC_DEFUN([MP_TRY_CFLAG], [
	AS_VAR_PUSHDEF([cache], [mp_cv_cflag_$2])
	AC_CACHE_CHECK([whether $CC takes $2], [cache], [
		mp_saved_CFLAGS=$CFLAGS
		CFLAGS="$CFLAGS -Werror $2"
		AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])], [AS_VAR_SET([cache], [yes])], [AS_VAR_SET([cache], [no])])
		CFLAGS=$mp_saved_CFLAGS
	])
	AS_VAR_IF([cache], [yes], [AS_VAR_APPEND([$1], [" $2"])])
	AS_VAR_POPDEF([cache])
])

dnl MP_TRY_CFLAGS(VARIABLE, FLAGS): the same for each of a blank-separated list.
AC_DEFUN([MP_TRY_CFLAGS], [m4_foreach_w([mp_flag], [$2], [MP_TRY_CFLAG([$1], mp_flag)])])
