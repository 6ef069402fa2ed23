# KSyntaxHighlighting, which is optional: KF6 where the distribution packages it, else KF5's last release built against Qt 6 into
# ${GATEHOUSE_PREFIX} by packaging/dependencies/ksyntaxhighlighting.sh. Only this file and widgets/text/syntax_ksyntax.cpp know which.
# Sets GATEHOUSE_SYNTAX_TARGET, the imported target, and GATEHOUSE_SYNTAX_VERSION; both empty where there is none: the build goes on
# without colours and says so, here and in Help, About.
function(find_syntax_highlighting)
  set(GATEHOUSE_SYNTAX_TARGET "" PARENT_SCOPE)
  set(GATEHOUSE_SYNTAX_VERSION "" PARENT_SCOPE)
  find_package(KF6SyntaxHighlighting QUIET)
  if(TARGET KF6::SyntaxHighlighting)
    message(STATUS "Syntax colours: KSyntaxHighlighting ${KF6SyntaxHighlighting_VERSION} (KF6)")
    set(GATEHOUSE_SYNTAX_TARGET KF6::SyntaxHighlighting PARENT_SCOPE)
    set(GATEHOUSE_SYNTAX_VERSION ${KF6SyntaxHighlighting_VERSION} PARENT_SCOPE)
    return()
  endif()
  # Its package file looks for the Qt of this number. Only our own prefix is asked: the distribution's KF5 is built for Qt 5.
  set(QT_MAJOR_VERSION 6)
  find_package(KF5SyntaxHighlighting QUIET NO_DEFAULT_PATH PATHS ${GATEHOUSE_PREFIX})
  if(TARGET KF5::SyntaxHighlighting)
    message(STATUS "Syntax colours: KSyntaxHighlighting ${KF5SyntaxHighlighting_VERSION} from ${GATEHOUSE_PREFIX}")
    set(GATEHOUSE_SYNTAX_TARGET KF5::SyntaxHighlighting PARENT_SCOPE)
    set(GATEHOUSE_SYNTAX_VERSION ${KF5SyntaxHighlighting_VERSION} PARENT_SCOPE)
    return()
  endif()
  message(STATUS "Syntax colours: none, KSyntaxHighlighting was not found; diffs are shown without colours (./dev setup builds it)")
endfunction()

find_syntax_highlighting()
