"""Words that say little of why somebody chose a label, in seven languages of Latin script."""

from __future__ import annotations

from functools import cache

OF_A_LANGUAGE = {
    "English": "a about all also am an and any are as at be because been but by can could did do does doing for"
    " from get got had has have he her here hers him his how i if in into is it its just may me might"
    " more most much my of on or our out really she should since so some such than that the their them"
    " then there these they this those to too up us very was we were what when where which who why"
    " will with would you your im ive its thats theres dont doesnt isnt cant wasnt think say says said"
    " looks look seems seem like maybe probably guess guideline guidelines item items text texts",
    "German": "aber alle als also am an auch auf aus bei beim bin bis da dann das dass daß dem den denn der des"
    " die dies diese dieser doch du durch ein eine einem einen einer eines er es etwas für fur hab"
    " habe haben hat hier ich ihm ihn ihr im in ist ja kann man mehr mein meine mich mir mit nach noch"
    " nur ob oder schon sehr sein sich sie sind so um und uns vom von vor war was weil wenn wer wie"
    " wir wird würde zu zum zur über halt eigentlich wohl glaube denke vielleicht eher",
    "Spanish": "a al algo aquí asi así como con creo cual cuando de del desde donde el ella ellos en era es esa"
    " ese eso esta está este esto fue ha han hay la las le les lo los más mas me mi muy o para pero"
    " por porque pues que qué se ser si sí sobre son su sus también te tiene todo un una unas uno unos"
    " y ya yo parece quizás",
    "French": "à au aux avec c ce ces cette car comme d dans de des donc du elle elles en est et été être eu il"
    " ils j je la le les leur lui ma mais me mes mon n nous on ou où par parce pas plus pour qu que"
    " qui s sa se ses si son sont sur ta te tes toi ton tout très tu un une vous y crois semble peut",
    "Italian": "a ad al alla anche che chi ci come con da dal dalla dei del della di e è ed era gli ha hanno ho"
    " i il in io la le lei lo loro ma mi molto nel nella o per perché più qui questa questo se si sono"
    " su sua suo tra un una uno forse credo sembra",
    "Portuguese": "a acho ao aos as até com como da das de do dos e é ela ele em era essa esse esta está este eu"
    " foi há isso já lhe mais mas me muito na nas no nos o os ou para pela pelo por porque que se sem"
    " ser seu sua são também tem um uma você talvez parece",
    "Dutch": "al als an bij dan dat de deze die dit door een en er het hij hoe ik in is ja je kan maar me meer"
    " met mijn naar nog nu of om omdat ook op over te tot u uit van veel voor want was wat we wel wij"
    " ze zei zijn zo zou denk misschien",
}
"""What stands in texts on anything; words that deny are left to the texts."""
NO_REASON = {
    "English": "idk dunno unsure clear obvious obviously unclear sure ok okay yes no nope none nothing know not"
    " see above below same again before previous ditto reason reasons comment comments rationale label"
    " labels test todo tbd na whatever hmm hm well good",
    "German": "keine ahnung weiß weiss nicht klar unklar offensichtlich siehe oben unten dito gleich gleicher"
    " grund ja nein kommentar sicher unsicher egal wie",
    "Spanish": "no sé se idea ni claro obvio ver arriba igual mismo razón razon comentario sin seguro",
    "French": "ne sais rien aucune idée évident evident clair voir dessus idem raison commentaire sûr non oui",
    "Italian": "non so niente ovvio chiaro vedi sopra idem stesso motivo commento sicuro",
    "Portuguese": "não nao sei óbvio obvio claro ver acima idem mesmo motivo comentário seguro",
    "Dutch": "geen idee weet niet duidelijk zie boven idem reden ja nee zeker",
}
"""What people write who give no reason; a text that holds nothing else says nothing."""


@cache
def small_words() -> frozenset[str]:
    """Return the words that stand in texts on anything.

    Example:
        >>> "because" in small_words(), "weil" in small_words(), "slow" in small_words()
        (True, True, False)
    """
    return frozenset(word for words in OF_A_LANGUAGE.values() for word in words.split())


@cache
def no_reasons() -> frozenset[str]:
    """Return the words of which texts are made that give no reason."""
    return frozenset(word for words in NO_REASON.values() for word in words.split())
