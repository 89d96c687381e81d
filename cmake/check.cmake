# `cmake --build build/<preset> -t check`: everything a change must pass. It builds all of this
# preset, then runs the stages.
get_property(checked GLOBAL PROPERTY ACD_CHECKED)
add_custom_target(
  check
  COMMAND ${PROJECT_SOURCE_DIR}/cmake/check-stages ${PROJECT_BINARY_DIR}
  DEPENDS ${checked}
  USES_TERMINAL VERBATIM)
