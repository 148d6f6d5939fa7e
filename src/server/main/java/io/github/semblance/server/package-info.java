/**
 * Indexes over HTTP: an interface for programs, a page for people, and tools for agents.
 *
 * <pre>
 * request → RequestGuard (Host, Origin, token, limits) → Endpoint → SearchWorkers → ServedIndex
 * </pre>
 *
 * <p>Connections are virtual threads, which may wait as long as they like; searches run on a few
 * platform threads, because they compute. What finds no place in the queue before those is told so
 * at once. Nothing here ranks.
 */
@NullMarked
package io.github.semblance.server;

import org.jspecify.annotations.NullMarked;
