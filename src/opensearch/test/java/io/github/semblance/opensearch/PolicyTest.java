package io.github.semblance.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the plugin asks of a node, which its installer shows: no more than it needs. */
final class PolicyTest {
  @Test
  void nothingIsGrantedButThis() throws IOException {
    List<String> granted =
        Files.readAllLines(Path.of("src/opensearch/main/plugin-security.policy")).stream()
            .map(String::strip)
            .filter(line -> !line.startsWith("//") && !line.isEmpty())
            .toList();
    assertEquals(
        List.of(
            "grant {",
            "permission java.io.FilePermission \"/proc/cpuinfo\", \"read\";",
            "permission java.io.FilePermission \"/proc/self/status\", \"read\";",
            "permission java.io.FilePermission \"${{semblance.models.path}}/-\", \"read\";",
            "};"),
        granted);
  }
}
