/**
 * The command line: one class per command, each of which turns typed arguments into a call of the
 * library and its outcome into an exit code.
 *
 * <p>{@link io.github.semblance.cli.Semblance} is the main class. Data goes to standard output,
 * progress and messages to standard error. Exit codes: 0 done, 1 failed, 2 wrong usage.
 */
@NullMarked
package io.github.semblance.cli;

import org.jspecify.annotations.NullMarked;
