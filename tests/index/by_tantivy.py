"""BM25 as tantivy has it: what ours is compared with."""

import numpy as np
import tantivy

from index.lexical import stems


class Tantivy:
    """tantivy's own index of texts, asked with the stems that ours counts."""

    def __init__(self, folder, texts):
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
        builder.add_unsigned_field("row", fast=True)
        self._schema = builder.build()
        folder.mkdir(parents=True)
        index = tantivy.Index(self._schema, path=str(folder))
        writer = index.writer(heap_size=32_000_000, num_threads=1)
        for row, text in enumerate(texts):
            document = tantivy.Document()
            document.add_text("body", " ".join(stems(text)))
            document.add_unsigned("row", row)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    def search(self, question, k):
        """Return the `k` best rows and their scores, best first."""
        terms = list(dict.fromkeys(stems(question)))
        if not terms:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        wanted = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "body", term, "freq"))
            for term in terms
        ]
        query = tantivy.Query.boolean_query(wanted)
        hits = self._searcher.search(query, limit=k, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        scores = np.asarray([score for score, _ in hits], dtype=np.float32)
        return np.asarray(rows, dtype=np.int64), scores

    def frequency(self, stem):
        """Return in how many texts a stem stands."""
        return self._searcher.doc_freq("body", stem)
