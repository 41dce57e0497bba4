"""`pmrole calibrate`: fit the refusal threshold to a folder's own questions."""

import argparse

from bot.answering.answerer import Answerer
from bot.answering.confidence import CalibrationError, fit
from bot.answering.messages import clean_message
from bot.answering.smalltalk import small_talk
from bot.cli import OK
from bot.cli.asking import context_of, reranker_of
from bot.cli.evaluating import read_cases
from bot.index_store import live_index
from bot.settings import Settings
from index.evaluation import auroc


def calibrate(options: argparse.Namespace, settings: Settings) -> int:
    """Fit to labelled questions and store the outcome beside the index.

    Raises:
        CalibrationError: if the file cannot be read or holds too few questions of either kind.
    """
    index = live_index(settings)
    answerer = Answerer.open(index, reranker=reranker_of(settings))
    try:
        cases = read_cases(options.file)
    except (OSError, ValueError) as error:
        raise CalibrationError(f"{options.file}: {error}") from error
    # Greetings and the like never reach the calibrated decision.
    cases = [one for one in cases if small_talk(clean_message(one.question)) is None]
    signals = [answerer.evidence(one.question, context_of(one.item)).signals for one in cases]
    truth = [one.answerable for one in cases]
    calibration = fit(signals, truth)
    target = index.store.keep_calibration(calibration.as_json())
    guesses = [calibration.probability(one) for one in signals]
    yes = [guess for guess, answerable in zip(guesses, truth, strict=True) if answerable]
    no = [guess for guess, answerable in zip(guesses, truth, strict=True) if not answerable]
    answered = sum(guess >= calibration.answer_at for guess in yes)
    refused = sum(guess < calibration.answer_at for guess in no)
    print(f"{len(yes)} answerable questions, {answered} would be answered")
    print(f"{len(no)} unanswerable questions, {refused} would be refused")
    print(f"AUROC {auroc(yes, no):.3f}, threshold {calibration.answer_at}; stored in {target}")
    return OK
