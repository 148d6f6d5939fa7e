/**
 * Documents in: files of several formats become a stream of documents.
 *
 * <pre>{@code
 * file → format → fields → FieldMapping → SourceDocument
 * }</pre>
 *
 * <p>{@link io.github.semblance.corpus.CorpusReader#open} takes files and folders and yields {@link
 * io.github.semblance.corpus.CorpusRecord}s: documents, and the records that are none, with the
 * reason. {@link io.github.semblance.corpus.FieldMapping} says which field is what.
 *
 * <h2>Formats</h2>
 *
 * <p>The extension tells tables and texts. What JSON holds is told by the extension, except that a
 * file that begins with a bracket is an array under any name.
 *
 * <dl>
 *   <dt>JSON array, {@code .json}
 *   <dd>Each object is a record. An object with an array {@code documents} stands for the objects
 *       in it, each of which also has the outer object's other fields; those must come first, as in
 *       {@code [{"course": …, "documents": [{"text": …, "section": …, "question": …}]}]}. A {@code
 *       .json} file may also hold objects one after the other.
 *   <dt>JSON Lines, {@code .jsonl}, {@code .ndjson}
 *   <dd>One object a line; so is a folder with a {@code corpus.jsonl}, as BEIR collections are.
 *   <dt>Tables, {@code .csv}, {@code .tsv}, {@code .tab}
 *   <dd>RFC 4180 quoting; the first row names the columns. Cells are taken as they are, spaces and
 *       all. In {@code .csv} files commas, semicolons, tabs or bars stand between cells: whichever
 *       cuts the first row into most of them. A first line such as {@code sep=;} says so itself.
 *   <dt>Documents, {@code .txt}, {@code .md}, {@code .markdown}, {@code .html}, {@code .htm},
 *       {@code .xhtml}, {@code .pdf}
 *   <dd>A file is a document, with a title or else the file's name for one. Folders are read with
 *       their subfolders, sorted by path, without hidden files. Links are followed; a folder is
 *       read once, first of all where it lies itself. Files of other kinds are counted in {@link
 *       io.github.semblance.corpus.CorpusReader#unreadFiles}, unless they are a Lucene index's.
 * </dl>
 *
 * <p>A document has the text that a reader sees, a line for each paragraph, and an {@link
 * io.github.semblance.index.Outline} of its sections:
 *
 * <dl>
 *   <dt>Markdown
 *   <dd>CommonMark with tables. YAML between lines of {@code ---} at the beginning is not part of
 *       the text: its {@code title} is the title and its short fields are keywords. Else the first
 *       heading is the title, one of the first level if there is one. Code and tables are asides.
 *   <dt>HTML
 *   <dd>What is in {@code main} or the only {@code article}, or else in {@code body} without
 *       navigation, in the encoding that the page names. Its {@code author}, {@code keywords} and
 *       {@code lang} are keywords.
 *   <dt>PDF
 *   <dd>Each page with text is a section. Pictures of text are none.
 * </dl>
 *
 * <p>Extensions are known in any case. A field without a name is left out. A field name that ends
 * up below another is written with a dot, {@code metadata.url}, one level deep; what is deeper is
 * left out, and so are nulls. Numbers keep their spelling.
 *
 * <h2>Ids</h2>
 *
 * <p>The id of a file that is a document is its path below the deepest folder that has all inputs
 * in it, or below a folder of the caller's choice: {@code guide/install.md} where a folder is the
 * only input, {@code one/README.md} and {@code two/README.md} where two are. A file that two inputs
 * lead to is one document.
 *
 * <p>If no record of a file has an id, each gets one: a hash of its fields, equal in each run and
 * in each order of the fields, so that equal records are one document. If some record has one, the
 * others are rejected. With an id field of the caller's choice, ids are never derived.
 *
 * <h2>What is refused</h2>
 *
 * <p>Input is UTF-8, with or without byte order mark; invalid bytes and half surrogate pairs are
 * reported, never replaced. Control characters are kept as they are: analyzers and models pass over
 * them. A record needs a text that is not white space; an empty one will do if there is a title,
 * for collections with missing abstracts. Records are bounded to 32 MiB, JSON objects to a million
 * values, 500 levels, numbers of 1,000 and names of 50,000 characters, and ids to the 32,766 bytes
 * of a term. Markdown is bounded to 8 MiB, front matter to 65,536 characters, HTML to 32 MiB and a
 * million tags, PDF to 512 MiB, a minute of work, and 128 MiB for a compressed stream. Of more than
 * 10,000 headings the rest are text.
 *
 * <p>Rejected alone: a bad line of JSON Lines, a row with too many or too few cells or characters
 * behind a closing quote, an entry of an array that is no object, has a field twice or is beyond a
 * limit, a table whose first row names no columns, an empty file among others, a document or a
 * folder in a folder that cannot be read, front matter that is no YAML, a PDF that is encrypted,
 * has no text or takes too long. After malformed JSON elsewhere, an unclosed quote or invalid UTF-8
 * in an array or table, the rest of the file would be guesswork: reading ends with a {@link
 * io.github.semblance.corpus.CorpusException} that names the place.
 */
@NullMarked
package io.github.semblance.corpus;

import org.jspecify.annotations.NullMarked;
