"""What the carers wrote: per session_summary file the collar session it is about, the pet's name and the notes."""

NOTES = {
    "": (
        "",
        "Luna",
        "Luna was very happy to see me and pulled towards the park right away. "
        "We met two other dogs at the pond and she played with the brown poodle for a good while. "
        "She drank twice and did not eat any grass this time. "
        "Near the playground she barked at a scooter, but calmed down as soon as it had passed. "
        "Her left front paw looked a little red after the walk, please have a look at it tonight. "
        "On the way home she walked nicely on the loose lead.",
    ),
    "calm-day": (
        "calm-day",
        "Momo",
        "Momo slept on the window sill for most of the morning. "
        "He came to the kitchen once, sniffed at his bowl and went back to sleep. "
        "The litter box was used and is clean again. "
        "Nothing unusual today.",
    ),
    "restless-night": (
        "restless-night",
        "Rex",
        "Rex went to bed at ten as usual. "
        "Around midnight I heard him walk up and down the corridor, and he would not settle when I called him. "
        "He drank a lot of water between one and three. "
        "I gave him his hip tablet at 22:00 with a spoon of yoghurt. "
        "At four he started again, panting, and lay down only to get up a minute later. "
        "There was a thunderstorm far away at about half past twelve, which may have been the reason. "
        "He left his breakfast. "
        "If tonight is like this too, I would call Dr. Brandt in the morning.",
    ),
    "other-languages": (
        "zoomies",
        "Félix 🐈",
        "Félix a dormi sur le canapé jusqu'à minuit. "
        "Ensuite il a couru comme un fou dans l'appartement pendant dix minutes — puis plus rien ! "
        "Er hat seinen Napf um 6:50 Uhr leer gefressen. "
        "Сегодня всё хорошо. "
        "今日も元気でした。",
    ),
    "one-sentence": ("puppy-play", "Bella", "Bella played fetch until she fell asleep with the ball in her mouth."),
    "empty-session": (
        "empty-session",
        "Simba",
        "I forgot to take the collar off the charger, sorry. "
        "Simba was fine, he watched the birds and had a nap in the sun.",
    ),
}
