package io.github.semblance.server;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where and for whom a {@link SemblanceServer} listens. Immutable.
 *
 * @param address what to listen on; beyond loopback only with a token
 * @param port from 0, which is any free one, to 65535
 * @param token what requests must carry as {@code Authorization: Bearer TOKEN}, of 16 characters at
 *     least; null for nothing
 * @param hosts names by which the server may be called beside numeric addresses and localhost;
 *     others are refused, since a page of a stranger could give its own name our address
 * @param timeLimit how long a search may wait and take, more than 0
 * @param report an evaluation's report to show; null for none
 */
public record ServerSettings(
    InetAddress address,
    int port,
    @Nullable String token,
    List<String> hosts,
    Duration timeLimit,
    @Nullable Path report) {
  private static final int SHORTEST_TOKEN = 16;

  /**
   * Checks the rules stated above.
   *
   * @throws IllegalArgumentException if one is broken
   */
  public ServerSettings {
    if (token == null && !address.isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "whoever reaches " + address.getHostAddress() + " could search here; it needs a token");
    }
    if (token != null && !token.matches("[\\x21-\\x7E]{" + SHORTEST_TOKEN + ",}")) {
      throw new IllegalArgumentException(
          "the token must be at least "
              + SHORTEST_TOKEN
              + " characters of ASCII without spaces, got "
              + token.length()
              + " characters");
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("the port must be from 0 to 65535, got: " + port);
    }
    if (!timeLimit.isPositive()) {
      throw new IllegalArgumentException("the time limit must be more than 0, got: " + timeLimit);
    }
    hosts = List.copyOf(hosts);
  }

  /** On this machine only, without a token, ten seconds for a search. */
  public static ServerSettings local(int port) {
    return new ServerSettings(
        InetAddress.getLoopbackAddress(), port, null, List.of(), Duration.ofSeconds(10), null);
  }
}
