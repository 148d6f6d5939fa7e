/** Tests of the command line: exit codes, messages and data of each command. */
@NullMarked
package io.github.semblance.cli;

import org.jspecify.annotations.NullMarked;
