package dev.patchbay.examples.pets.summary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class NotesTest {

    @Test
    void a_title_ends_no_sentence() {
        assertThat(Notes.of("I would call Dr. Brandt. She knows him.").sentences())
                .containsExactly("I would call Dr. Brandt.", "She knows him.");
    }

    @Test
    void sentences_end_as_their_language_ends_them() {
        assertThat(Notes.of("Puis plus rien ! Er fraß um 6:50 Uhr. Всё хорошо. 今日も元気でした。また明日。")
                        .sentences())
                .containsExactly("Puis plus rien !", "Er fraß um 6:50 Uhr.", "Всё хорошо.", "今日も元気でした。", "また明日。");
    }

    @Test
    void empty_notes_have_no_sentences() {
        assertThat(Notes.of(" \n ").sentences()).isEmpty();
    }

    @Test
    void a_word_to_watch_for_outweighs_the_rest_and_the_order_is_kept() {
        Notes notes = Notes.of("We walked to the pond. The pond was cold. We walked home. Her paw is red. Good night.");

        assertThat(notes.weightiest(2, Set.of("red"))).containsExactly("We walked to the pond.", "Her paw is red.");
    }

    @Test
    void notes_shorter_than_the_summary_are_kept_whole() {
        assertThat(Notes.of("All well. See you.").weightiest(3, Set.of())).containsExactly("All well.", "See you.");
    }
}
