"""Messages of the search stage."""

from generator.messages import Message

MESSAGES: dict[str, Message] = {
    "thesaurus-shape": Message(
        "同义词表应当是“日常说法: [公文说法]”的对照",
        "the thesaurus must be a mapping of lay words to lists of official ones",
        "每行写成  坐牢: [服刑, 监禁]",
        "write each line like  坐牢: [服刑, 监禁]",
    ),
    "thesaurus-word": Message(
        "这里应当是一个二到二十个字的词",
        "a word of two to twenty characters must stand here",
        "补上词语，或删去这一行；一个字的词歧义太多，不收",
        "write a word or delete the line; words of one character mean too much",
    ),
    "thesaurus-official": Message(
        "右边应当是一到 {most} 个公文说法，写在方括号里",
        "on the right there must be one to {most} official words in brackets",
        "写成  [服刑, 监禁]；太多会冲淡搜索结果",
        "write  [服刑, 监禁]; more would water the results down",
    ),
    "thesaurus-itself": Message(
        "左边的词又出现在右边",
        "the word on the left stands on the right as well",
        "从右边删去它：原词本来就会搜索",
        "delete it on the right: what was typed is searched for anyway",
    ),
}
