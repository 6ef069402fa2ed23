#include "core/policy/confusables.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::policy {

namespace {

struct Shapes {
    char latin;
    std::u32string_view others;
};

// Cyrillic, Greek, Armenian, Cherokee, Lisu, Coptic, small capitals, letters with strokes and hooks that do not decompose.
constexpr Shapes shapes[] = {
    {'a', U"\u0430\u03B1\u0251\u1D00\u237A\u0252\u1D8F"},
    {'A', U"\u0410\u0391\u13AA\uA4EE\u15C5\u1D00"},
    {'b', U"\u042C\u044C\u0184\u15AF\u13CF\u0180\u0253\u0183"},
    {'B', U"\u0412\u0392\u13F4\uA4D0\u15F7\u0299\u0432\u1D03"},
    {'c', U"\u0441\u03F2\u1D04\u2CA5\uABAF\u0188\u023C\u03DB"},
    {'C', U"\u0421\u03F9\u216D\u13DF\uA4DA\u2CA4\u0187"},
    {'d', U"\u0501\u0257\u0256\u0111\u13E7\u146F\uA4D2\u1D05\u018C\u00F0"},
    {'D', U"\u13A0\uA4D3\u15DE\u15EA\u0110\u0189\u00D0\u018A"},
    {'e', U"\u0435\u03B5\u04BD\u04BF\u212E\uAB32\u1D07\u0247\u025B\u0454\u0454\u0258\u01DD\u0259"},
    {'E', U"\u0415\u0395\u13AC\uA4F0\u22FF\u2D39\u0246\u0404\u0190"},
    {'f', U"\u0192\u017F\u03DD\uA799\uAB35\u1E9D\u0584"},
    {'F', U"\u03DC\u15B4\uA4DD\u0191\uA798\uA730"},
    {'g', U"\u0261\u0581\u1D83\u018D\u0260\u01E5\u0262"},
    {'G', U"\u050C\u13C0\u13F3\uA4D6\u0193\u01E4"},
    {'h', U"\u04BB\u0570\u13C2\u0266\u0127\u029C\u045B\u0452"},
    {'H', U"\u041D\u0397\u2C8E\u13BB\uA4E7\u157C\u0126\u043D"},
    {'i', U"\u0456\u03B9\u0131\u0269\u026A\u04CF\uAB75\u1D09\u0268\u13A5\u2170\u03B9"},
    {'I', U"\u0406\u0399\u04C0\u2C92\u2160\uA4F2\u16C1\u0197\u2D4F"},
    {'j', U"\u0458\u03F3\u0249\u029D\u0237"},
    {'J', U"\u0408\u037F\u13AB\uA4D9\u148D\u0248\u1D0A"},
    {'k', U"\u043A\u03BA\u1D0B\u0138\u0199\u049D\u049F\u04A1"},
    {'K', U"\u041A\u039A\u2C94\u13E6\uA4D7\u16D5\u212A\u0198"},
    {'l', U"\u0196\u01C0\u2113\u0142\u019A\u026B\u029F\u05C0\u05D5\u07CA\u2223\u217C\u026D\u0627"},
    {'L', U"\u216C\u2CD0\u13DE\uA4E1\u14AA\u0141\u2112"},
    {'m', U"\u043C\u217F\u1D0D\u028D\u0271"},
    {'M', U"\u041C\u039C\u03FA\u2C98\u13B7\uA4DF\u15F0\u216F\u16D6"},
    {'n', U"\u0578\u057C\u03B7\u0438\u043F\u0274\u019E\u0272\u014B"},
    {'N', U"\u039D\u2C9A\uA4E0\u0418\u019D\u014A"},
    {'o',
     U"\u043E\u03BF\u03C3\u0585\u05E1\u0D20\u101D\u1D0F\u1D11\u2C9F\u00F8\u0275\u04E9\u0665\u06F5\u0966\u09E6\u0AE6\u0BE6\u0C66\u0CE6\u0D66"
     U"\u0E50\u0ED0\u1040"},
    {'O', U"\u041E\u039F\u0555\u2D54\u2C9E\uA4F3\u12D0\u0B20\u00D8\u04E8\u0398"},
    {'p', U"\u0440\u03C1\u03F1\u2374\u2CA3\u1D18\u01A5\u00FE"},
    {'P', U"\u0420\u03A1\u2CA2\u13E2\uA4D1\u146D\u01A4"},
    {'q', U"\u051B\u0563\u0566\u02A0"},
    {'Q', U"\u2D55\u051A"},
    {'r', U"\u0433\u1D26\u2C85\uAB47\uAB48\uAB81\u0280\u027C\u027D\u027E\u024D"},
    {'R', U"\u01A6\u13A1\u13D2\u1587\uA4E3\u042F\u044F\u024C"},
    {'s', U"\u0455\u01BD\uABAA\uA731\u0282\u023F"},
    {'S', U"\u0405\u054F\u13D5\u13DA\uA4E2\u01A7"},
    {'t', U"\u0442\u03C4\u1D1B\u0167\u01AD\u01AB\u0288\u2020"},
    {'T', U"\u0422\u03A4\u2CA6\u13A2\uA4D4\u22A4\u27D9\u0166\u01AC\u01AE"},
    {'u', U"\u057D\u03C5\u028B\u1D1C\uA79F\uAB4E\uAB52\u0446\u0446\u0289\u00B5\u03BC"},
    {'U', U"\u054D\u1200\u144C\uA4F4\u222A\u22C3\u0244"},
    {'v', U"\u0475\u03BD\u0474\u05D8\u1D20\uABA9\u2228\u22C1\u2174"},
    {'V', U"\u2164\u0667\u06F7\u13D9\u142F\uA4E6\u01B2\u2D38"},
    {'w', U"\u0461\u051D\u0561\u026F\u1D21\uAB83\u0448\u0449\u03C9"},
    {'W', U"\u051C\u13B3\u13D4\uA4EA\u019C"},
    {'x', U"\u0445\u03C7\u00D7\u1541\u157D\u2A2F\u292B\u2CAD\u04B3\u2179"},
    {'X', U"\u0425\u03A7\u2CAC\u2169\u2D5D\uA4EB\u16B7\u2573"},
    {'y', U"\u0443\u04AF\u03B3\u0263\u028F\u1D8C\u1EFF\uAB5A\u01B4\u024F"},
    {'Y', U"\u0423\u04AE\u03A5\u03D2\u2CA8\u13A9\u13BD\uA4EC\u01B3\u024E"},
    {'z', U"\u1D22\u0290\u0225\u01B6\u0291"},
    {'Z', U"\u0396\u13C3\uA4DC\u01B5\u0224"},
    {'0', U"\u0ED0"},
    {'2', U"\u01A7\u03E8\uA644\u14BF"},
    {'3', U"\u0417\u04E0\u021C\u01B7\u0292\u0437"},
    {'6', U"\u0431\u2CD2\u13EE"},
};

using Pair = std::pair<char32_t, char32_t>;

std::vector<Pair> makeTable()
{
    std::vector<Pair> table;
    for (const Shapes& shape : shapes)
        for (const char32_t other : shape.others)
            table.emplace_back(other, static_cast<char32_t>(shape.latin));
    // Regional indicators, negative circled and negative squared letters: no compatibility form of their own.
    for (const char32_t first : {char32_t(0x1F1E6), char32_t(0x1F150), char32_t(0x1F170)})
        for (char32_t i = 0; i < 26; ++i)
            table.emplace_back(first + i, U'A' + i);
    std::ranges::stable_sort(table, {}, &Pair::first);
    return table;
}

} // namespace

char32_t latinLookAlike(char32_t codePoint)
{
    static const std::vector<Pair> table = makeTable();
    const auto found = std::ranges::lower_bound(table, codePoint, {}, &Pair::first);
    return found != table.end() && found->first == codePoint ? found->second : codePoint;
}

bool isLatinTwin(char32_t codePoint)
{
    static constexpr std::u32string_view twins =
        U"\u0430\u0435\u043E\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u051B\u051D\u04BB\u04CF"
        U"\u0410\u0412\u0415\u041A\u041C\u041D\u041E\u0420\u0421\u0422\u0425\u0423\u0406\u0408\u0405\u04C0"
        U"\u03BF\u03BD\u0391\u0392\u0395\u0396\u0397\u0399\u039A\u039C\u039D\u039F\u03A1\u03A4\u03A5\u03A7"
        U"\u0555\u0585\u0578\u057D\u0570\u0261\u0251\u0131";
    return twins.find(codePoint) != std::u32string_view::npos;
}

} // namespace gatehouse::policy
