// Runs a fuzz target over its corpus and over mutations of it, always the same ones: a plain test for compilers without libFuzzer.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

static void run(const std::string& input)
{
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

static std::string mutated(std::string input, const std::string& other, std::mt19937& random)
{
    const auto below = [&](std::size_t bound) { return bound == 0 ? 0 : random() % bound; };
    for (std::size_t count = 1 + below(4); count > 0; --count) {
        const std::size_t at = below(input.size());
        switch (below(6)) {
        case 0:
            if (!input.empty())
                input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
            break;
        case 1:
            input.insert(at, 1, static_cast<char>(random()));
            break;
        case 2:
            input.erase(at, 1 + below(8));
            break;
        case 3:
            input.insert(at, other.substr(below(other.size()), below(64)));
            break;
        case 4:
            input.resize(at);
            break;
        default:
            input += input.substr(at);
            input.resize(std::min<std::size_t>(input.size(), 1 << 16));
        }
    }
    return input;
}

int main(int argc, char** argv)
{
    std::vector<std::string> corpus = {""};
    for (int i = 1; i < argc; ++i) {
        if (!std::filesystem::is_directory(argv[i])) {
            std::fprintf(stderr, "%s: there is no such corpus\n", argv[i]);
            return 1;
        }
        for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
            std::ifstream in(entry.path(), std::ios::binary);
            if (entry.is_regular_file())
                corpus.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
        }
    }
    std::mt19937 random(1); // the same in every run: a failure can be had again
    for (const std::string& input : corpus)
        run(input);
    constexpr int mutations = 20000;
    for (int i = 0; i < mutations; ++i)
        run(mutated(corpus[random() % corpus.size()], corpus[random() % corpus.size()], random));
    std::printf("%zu inputs and %d mutations\n", corpus.size(), mutations);
    return 0;
}
