END {
    read_arguments()
    a = ARGUMENT["a"] + 0
    b = ARGUMENT["b"] + 0
    operation = ARGUMENT["operation"]
    if (operation == "add")
        result = a + b
    else if (operation == "subtract")
        result = a - b
    else if (operation == "multiply")
        result = a * b
    else if (operation == "divide" && b == 0)
        fail("calculate: nothing can be divided by 0")
    else if (operation == "divide")
        result = a / b
    else
        fail("calculate: there is no operation " operation)
    printf "{\"result\": %.15g}\n", result
}
