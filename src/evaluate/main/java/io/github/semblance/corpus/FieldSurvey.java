package io.github.semblance.corpus;

import io.github.semblance.corpus.RawRecord.Fields;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A look at the fields before the first document is made: a mistyped field name is found before
 * hours of embedding, and whether a file has ids is known before its first record. Reads each file
 * no further than these questions need: mostly one record.
 */
final class FieldSurvey {

  private static final int FIELDS_SHOWN = 30;

  private final FieldMapping mapping;
  private final DocumentMapper mapper;
  private final boolean idsMayBeDerived;
  private final List<List<String>> missing = new ArrayList<>();
  private final Set<String> fields = new TreeSet<>();
  private final Set<InputFile> filesWithoutIds = new HashSet<>();
  private boolean anyRecord;
  private String hint = "";

  private FieldSurvey(FieldMapping mapping) {
    this.mapping = mapping;
    this.mapper = new DocumentMapper(mapping);
    this.idsMayBeDerived = mapping.idFields().equals(FieldMapping.DEFAULT.idFields());
    missing.addAll(texts(mapping));
    if (!idsMayBeDerived) {
      missing.add(mapping.idFields());
    }
    if (!mapping.titleFields().equals(FieldMapping.DEFAULT.titleFields())) {
      missing.add(mapping.titleFields());
    }
    mapping.keywordFields().forEach(field -> missing.add(List.of(field)));
  }

  private static List<List<String>> texts(FieldMapping mapping) {
    return mapping.joinsTexts()
        ? mapping.textFields().stream().map(List::of).toList()
        : List.of(mapping.textFields());
  }

  /**
   * Surveys the files.
   *
   * @return those whose records get ids from their content
   * @throws UnknownFieldException if no record has a text, or a field that the mapping names
   */
  static Set<InputFile> filesWithoutIds(List<InputFile> files, FieldMapping mapping) {
    FieldSurvey survey = new FieldSurvey(mapping);
    for (InputFile file : files) {
      if (file.isDocument() && mapping.keywordFields().isEmpty()) {
        survey.seeDocument();
        continue;
      }
      try (RecordStream records = file.records(Files.newInputStream(file.path()))) {
        survey.read(file, records);
      } catch (NoSuchFileException | AccessDeniedException e) {
        // The reader reports it as left out.
      } catch (IOException e) {
        throw new CorpusException(file.name() + " cannot be read: " + e.getMessage(), e);
      }
    }
    survey.check();
    return survey.filesWithoutIds;
  }

  /** A file that is a document has a text and an id, and maybe fields to filter by. */
  private void seeDocument() {
    anyRecord = true;
    missing.removeAll(texts(mapping));
  }

  private void read(InputFile file, RecordStream records) throws IOException {
    boolean idSeen = !idsMayBeDerived;
    RawRecord record = next(records);
    while (record != null) {
      if (record instanceof Fields found) {
        anyRecord = true;
        hint = hint.isEmpty() ? DocumentMapper.wrapped(found) : hint;
        idSeen |= mapper.hasId(found);
        missing.removeIf(candidates -> DocumentMapper.present(candidates, found) != null);
        found.byName().keySet().stream().limit(FIELDS_SHOWN).forEach(fields::add);
      } else if (record instanceof RawRecord.Whole whole) {
        idSeen = true;
        seeDocument();
        Fields own = new Fields(whole.location(), whole.content().fields());
        missing.removeIf(candidates -> DocumentMapper.present(candidates, own) != null);
        own.byName().keySet().stream().limit(FIELDS_SHOWN).forEach(fields::add);
      }
      if (idSeen && missing.isEmpty()) {
        return;
      }
      record = next(records);
    }
    if (!idSeen) {
      filesWithoutIds.add(file);
    }
  }

  private static @Nullable RawRecord next(RecordStream records) throws IOException {
    try {
      return records.next();
    } catch (CharacterCodingException | RuntimeException e) {
      // Whoever reads the documents gets there too, and by then has those that stand before.
      return null;
    }
  }

  private void check() {
    if (anyRecord && !missing.isEmpty()) {
      throw new UnknownFieldException(
          "no record of the input has the field "
              + String.join(" or ", missing.get(0))
              + "; name one of those there are: "
              + (fields.isEmpty() ? "none, plain texts have no fields" : String.join(", ", fields))
              + hint);
    }
  }
}
