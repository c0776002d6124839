"""Signs of praise and thanks. Written for version 1, and still running."""

import re

from labeling_functions.airline_feedback.features import THANKS, TROUBLE
from labeling_functions.airline_feedback.schema.v1_sentiment import NEGATIVE, NEUTRAL, POSITIVE
from retrolabel import keywords, labeling_function, regex, resource

PRAISE = resource("praise.txt").read_text(encoding="utf-8").splitlines()


@labeling_function(
    POSITIVE,
    examples=["@united Thank you so much!", "thanks, made it home"],
    non_examples=["Thanks for nothing, still on hold", "Can I bring two bags? Thanks", "a fine day", None],
)
def thanks_and_no_trouble(said: str) -> bool:
    """Thanks are meant where no word of trouble and no question stands beside them."""
    return bool(THANKS.search(said)) and "?" not in said and not TROUBLE.search(said)


thanks_for_something = regex(
    POSITIVE,
    r"\b(thanks|thank you|thx)( so much| a lot| guys| again)?,? (for|to) (the |your |a |all |my |our |such )?(great"
    r"|good|quick|prompt|fast|help\w*|repl\w+|respon\w+|follow|info\w*|update|assist\w*|hard|amazing|awesome|best"
    r"|excellent|kind\w*|wonderful|love\w*|warm|safe|support|smooth|explanation|clarif\w+|getting|taking|fixing"
    r"|reaching|heads|upgrade|\w+ crew|\w+ (at|in))",
    column="said",
    description="People who say what they are thankful for mean it, mostly.",
    examples=["Thanks for the quick reply", "thank you so much for getting us home"],
    non_examples=["Thanks for losing my bag", "no thanks"],
)

answers_with_thanks = regex(
    POSITIVE | NEUTRAL,
    r"^\W*(ok|okay|k|great|perfect|cool|yes|awesome|got it|done|will do|appreciate it|no worries|nice"
    r"|sure)?\W*(thanks|thank you|thx|ty)\W*\w*\W*$",
    column="said",
    description="A message that is nothing but thanks closes a talk, warmly or out of politeness.",
    examples=["@united ok, thanks!", "Thank you"],
    non_examples=["Thanks for losing my bag again"],
)

praises = keywords(
    POSITIVE,
    PRAISE,
    column="said",
    description="Words of praise that are seldom used in anger.",
    examples=["That was an amazing flight", "you guys rock"],
    non_examples=["The flight was fine", None],
)

says_love = regex(
    POSITIVE,
    r"(?<!would )(?<!'d )\b(love(s|d)? (you|u|it|my|me|your|ya|how|the|that|this|flying|fly|jet|south|virgin|united)"
    r"|i love|luv|<3|in love|much love|love,? love)\b",
    column="said",
    description="Love is a word for what is good, unless it is only wished for.",
    examples=["I love this airline", "love your new seats"],
    non_examples=["I'd love to fly to Rome with you"],
)

happy_face = regex(
    POSITIVE | NEUTRAL,
    r"[:;=]-?[)DP](?!\w)|[😀😁😂😃😄😆😉😊😋😍😎😘🙌👍👏💙💗💕❤🎉😻💜✨☺🙏💖]|\(:",
    column="text",
    flags=0,
    description="A smile is not for a complaint.",
    examples=["See you soon :)", "home at last 😊"],
    non_examples=["See you soon", "lost again :("],
)

looks_forward = regex(
    POSITIVE,
    r"\b(can'?t wait (to|for|until|till)|look(ing)? forward|so? excited|pumped|stoked|here i come|on my way to"
    r"|happy (to|with|that)|glad (to|that|you|i)|so happy|very happy|feeling (better|good))\b",
    column="said",
    description="Who looks forward to a flight, or is glad of one, holds something for the airline.",
    examples=["Can't wait to be on board", "so glad that you fly there"],
    non_examples=["I cannot wait any longer"],
)

praises_people = regex(
    POSITIVE,
    r"\b(crew|attendants?|staff|agents?|pilots?|captain|team|rep|reps|employees?|representative|lady|gentleman|she|he"
    r"|who)\b[^.!?]{0,50}\b(great|awesome|amazing|helpful|kind|nice|sweet|friendly|wonderful|excellent|fantastic"
    r"|the best|helped|saved|deserves?|took care|super|rocks?|hilarious|funny|professional|a star)\b",
    column="said",
    description="Praise of a single person is praise of the airline.",
    examples=["Your crew on flight 12 was so kind", "Ann at gate 3, she deserves a raise"],
    non_examples=["Your crew was late"],
)

well_served = regex(
    POSITIVE,
    r"\b(great|good|excellent|awesome|amazing|best|fantastic|wonderful|outstanding|exceptional|nice|smooth|superb"
    r"|quick|fast|easy|perfect|solid|fun)( \w+)? (flights?|service|job|crew|experience|airline|view|work|landing|trip"
    r"|response|people|staff|customer|team|help|deal|news|day|weekend|ride|attitude|seats?)\b",
    column="said",
    description="A good word next to what the airline offers.",
    examples=["What a smooth landing", "great customer service"],
    non_examples=["What a landing"],
)

set_right = regex(
    POSITIVE | NEUTRAL,
    r"\b(all set|all good|no worries|no problem|figured (it )?out|got it (sorted|fixed|done|squared|taken|all|now)"
    r"|(is|was|been|got|are) (fixed|resolved|sorted|solved)|taken care of|made it( home)?|just (boarded|landed)"
    r"|appreciate|appreciated|welcome|worked out|it'?s (ok|okay|fine)|will do|you too|sounds good|makes sense"
    r"|good to know|got it)\b",
    column="said",
    description="What is set right is no longer held against the airline.",
    examples=["All set, figured it out", "we made it home"],
    non_examples=["Nothing is right"],
)


@labeling_function(
    POSITIVE,
    examples=["@jetblue Woohoo!", "Best day in weeks!!"],
    non_examples=["Worst day ever!", "On hold!", "Really?!", "ok", "I have been standing at your desk for an age now!"],
)
def short_and_loud(said: str, word_count: int) -> bool:
    """A few words and an exclamation mark, without trouble or a question, are a cheer."""
    return (
        0 < word_count <= 8
        and "!" in said
        and "?" not in said
        and not TROUBLE.search(said)
        and not re.search(r"\b(help|please|hate|need|fix|sucks?|terrible|horrible|ridiculous|how|sent|dm|wtf)\b", said)
    )


praise_with_a_but = regex(
    NEGATIVE | POSITIVE,
    r"\b(thanks|thank you|thx|great|nice|good|awesome|love|appreciate|congrat\w*|well done"
    r"|way to)\b.{0,60}(\b(but|however|except|too bad|though|nothing|losing|lost|ruin\w*|cancel\w*|delay\w*|not"
    r"|wasting|leaving|stranding|making (me|us)|keeping|lying|charging|stuck|worst|fail\w*|never|no)\b|n't\b)",
    column="said",
    description="Praise before a but, or for what nobody wants, is a complaint, or mild praise; not nothing.",
    examples=["Thanks for losing my bag", "Great crew, but we sat for three hours"],
    non_examples=["Thanks for the lift", "not great"],
)
