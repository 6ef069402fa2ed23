END {
    read_arguments()
    text = ARGUMENT["text"]
    if (ARGUMENT["style"] == "heading") {
        print toupper(text)
    } else {
        count = split(text, sentences, /[.!?][ \n]+/)
        for (i = 1; i <= count; i++)
            print "- " sentences[i]
    }
}
