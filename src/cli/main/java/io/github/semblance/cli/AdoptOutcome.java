package io.github.semblance.cli;

import io.github.semblance.index.AdoptionSummary;
import java.nio.file.Path;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What became of an index that was adopted.
 *
 * @param dryRun whether its documents were only checked
 */
record AdoptOutcome(AdoptionSummary summary, boolean dryRun, double seconds) {

  ObjectNode toJson() {
    return JsonMapper.shared()
        .createObjectNode()
        .put("dry_run", dryRun)
        .put("documents", summary.documents())
        .put("adopted", summary.adopted())
        .put("passages", summary.passages())
        .put("failed", summary.failed())
        .put("before", summary.before())
        .put("seconds", Math.round(seconds * 1000) / 1000.0);
  }

  String toText(Path folder) {
    String place = Printable.line(folder.toString());
    StringBuilder text = new StringBuilder();
    if (dryRun) {
      long possible = summary.documents() - summary.failed();
      text.append(Amount.of(possible, "document"))
          .append(" of ")
          .append(place)
          .append(" can get vectors; nothing was written.");
    } else {
      text.append(
          String.format(
              Locale.ROOT,
              "Adopted %s of %s, %s, in %.1f s.",
              Amount.of(summary.adopted(), "document"),
              place,
              Amount.of(summary.passages(), "passage"),
              seconds));
    }
    if (summary.before() > 0) {
      text.append(System.lineSeparator())
          .append(Amount.of(summary.before(), "document"))
          .append(summary.before() == 1 ? " had its vectors." : " had their vectors.");
    }
    if (summary.failed() > 0) {
      text.append(System.lineSeparator())
          .append(Amount.of(summary.failed(), "document"))
          .append(summary.failed() == 1 ? " is as it was." : " are as they were.");
    }
    return text.toString();
  }
}
