package io.github.semblance.cli;

import io.github.semblance.search.Hit;
import io.github.semblance.search.KeywordValues;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Which fields of a hit a person sees beside its title and text: by default what tells hits apart.
 */
final class ShownFields {
  private static final String ALL = "all";
  private static final String NONE = "none";

  /** More would bury the text. */
  private static final int MOST = 4;

  /** Longer values are texts, and the hit shows one already. */
  private static final int LONGEST = 60;

  @Option(
      names = "--show",
      split = ",",
      paramLabel = "FIELD",
      description =
          "Which fields to show to people: names with commas between them, all, or none. Default: up"
              + " to 4 in which the hits differ.")
  private @Nullable List<String> names;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  /** Refuses a field that an index does not have. */
  void check(KeywordValues values) {
    if (names == null
        || command == null
        || names.equals(List.of(ALL))
        || names.equals(List.of(NONE))) {
      return;
    }
    Set<String> known = new TreeSet<>();
    // A field whose name belongs to the schema is indexed under another.
    values.fields().forEach(field -> known.add(field.replaceFirst("^keyword\\.", "")));
    for (String name : names) {
      if (!known.contains(name)) {
        throw new ParameterException(
            command.commandLine(),
            "no field \""
                + name
                + "\" to --show; "
                + (known.isEmpty()
                    ? "this index has none"
                    : "this index has: " + String.join(", ", known)));
      }
    }
  }

  /** The fields to show, of hits that are shown together. */
  List<String> of(List<Hit> hits) {
    if (names == null) {
      return differing(hits);
    }
    if (names.equals(List.of(NONE))) {
      return List.of();
    }
    if (!names.equals(List.of(ALL))) {
      return names;
    }
    Set<String> all = new LinkedHashSet<>();
    hits.forEach(hit -> all.addAll(hit.fields().keySet()));
    return List.copyOf(all);
  }

  private static List<String> differing(List<Hit> hits) {
    Set<String> all = new LinkedHashSet<>();
    hits.forEach(hit -> all.addAll(hit.fields().keySet()));
    List<String> differing = new ArrayList<>();
    for (String field : all) {
      Set<List<String>> values =
          hits.stream()
              .map(hit -> hit.fields().getOrDefault(field, List.of()))
              .collect(Collectors.toSet());
      boolean brief = values.stream().allMatch(each -> String.join(", ", each).length() <= LONGEST);
      if (values.size() > 1 && brief && differing.size() < MOST) {
        differing.add(field);
      }
    }
    return differing;
  }
}
