# The four kinds of target that a room has. Source lists come from file(GLOB ... CONFIGURE_DEPENDS):
# a new file needs no second edit, and the glob is checked again at each build.

# acd_library(name SOURCES ... LIBS ...): a static library; LIBS is all it may link.
function(acd_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBS")
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC ${arg_LIBS})
  acd_is_checked(${name})
endfunction()

# acd_program(name SOURCES ... LIBS ...): an executable.
function(acd_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBS")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE acd_posix ${arg_LIBS})
  acd_is_checked(${name})
endfunction()

# acd_test(name SOURCES ... LIBS ... [LABELS ...] [TIMEOUT seconds]): a Criterion executable and its
# ctest. Criterion aborts under the thread sanitizer, so that build leaves these out: what has
# threads is tested by plain executables.
function(acd_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "SOURCES;LIBS;LABELS")
  if(ACD_SANITIZE STREQUAL "thread")
    return()
  endif()
  acd_program(${name} SOURCES ${arg_SOURCES} LIBS ${arg_LIBS} acd_criterion)
  add_test(NAME ${name} COMMAND ${name})
  acd_test_properties(${name} "${arg_LABELS}" "${arg_TIMEOUT}")
endfunction()

# acd_plain_test(name SOURCES ... LIBS ... [ARGS ...] [LONG_ARGS ...] [LABELS ...] [TIMEOUT seconds]):
# an executable with a main() of its own that returns 0 when all is well, run under every sanitizer
# (label tsan). With LONG_ARGS it is run a second time as <name>_long, label long, for up to an
# hour, which only `tools/check --long` does.
function(acd_plain_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "SOURCES;LIBS;ARGS;LONG_ARGS;LABELS")
  acd_program(${name} SOURCES ${arg_SOURCES} LIBS ${arg_LIBS})
  add_test(NAME ${name} COMMAND ${name} ${arg_ARGS})
  acd_test_properties(${name} "${arg_LABELS};tsan" "${arg_TIMEOUT}")
  if(arg_LONG_ARGS)
    add_test(NAME ${name}_long COMMAND ${name} ${arg_LONG_ARGS})
    acd_test_properties(${name}_long "${arg_LABELS};tsan;long" 3600)
  endif()
endfunction()

# Under a sanitizer a test has four times its seconds, and fails by what the sanitizer says, since
# Criterion takes no notice of a leak that is found when a test's process ends.
function(acd_test_properties name labels timeout)
  if(NOT timeout)
    set(timeout 60)
  endif()
  if(ACD_SANITIZE)
    math(EXPR timeout "4 * ${timeout}")
    set_tests_properties(
      ${name}
      PROPERTIES
        FAIL_REGULAR_EXPRESSION "ERROR: [A-Za-z]+Sanitizer;WARNING: ThreadSanitizer;runtime error:"
        ENVIRONMENT
        "ASAN_OPTIONS=detect_stack_use_after_return=1;UBSAN_OPTIONS=print_stacktrace=1;TSAN_OPTIONS=halt_on_error=1;LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/cmake/lsan.supp:print_suppressions=0"
    )
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "${labels}" TIMEOUT ${timeout})
endfunction()

# Target `check` builds every target named here before it runs the tests.
function(acd_is_checked name)
  set_property(GLOBAL APPEND PROPERTY ACD_CHECKED ${name})
endfunction()
