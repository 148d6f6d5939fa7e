package io.github.semblance.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.index.Outline.Aside;
import io.github.semblance.index.Outline.Section;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutlineTest {
  private static final Outline OUTLINE =
      new Outline(
          List.of(
              new Section(3, 10, List.of("Install"), 0),
              new Section(10, 20, List.of("Install", "From source"), 0),
              new Section(200_000, 200_000, List.of(), 7)),
          List.of(new Aside(12, 15), new Aside(15, 18)));

  @Test
  void anOutlineComesBackFromItsBytes() throws IOException {
    assertEquals(OUTLINE, Outline.of(OUTLINE.toBytes()));
    assertEquals(Outline.NONE, Outline.of(Outline.NONE.toBytes()));
  }

  @Test
  void offsetsLieInSectionsAndAsides() {
    assertEquals(-1, OUTLINE.sectionAt(2));
    assertEquals(0, OUTLINE.sectionAt(3));
    assertEquals(1, OUTLINE.sectionAt(10));
    assertEquals(1, OUTLINE.sectionAt(199_999));
    assertEquals(2, OUTLINE.sectionAt(300_000));
    assertFalse(OUTLINE.isAside(11));
    assertTrue(OUTLINE.isAside(12));
    assertTrue(OUTLINE.isAside(17));
    assertFalse(OUTLINE.isAside(18));
  }

  @Test
  void whatIsOutOfOrderIsRefused() {
    Section section = new Section(5, 6, List.of(), 0);
    assertThrows(
        IllegalArgumentException.class, () -> new Outline(List.of(section, section), List.of()));
    assertThrows(IllegalArgumentException.class, () -> new Section(5, 4, List.of(), 0));
    assertThrows(IllegalArgumentException.class, () -> new Aside(5, 4));
  }
}
